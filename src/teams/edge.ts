import type { Dispatcher } from '../commands/turn.ts';
import type { Card } from '../core/card.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import type { Logger } from '../telemetry/log.ts';
import type { KnownConversations } from './known-conversations.ts';
import type { Renderer } from './render.ts';
import type { Replies } from './replies.ts';
import type { Roster } from './roster.ts';

/** What the handlers of the Teams edge work with. */
export interface Edge {
  readonly homeTenantId: string;
  readonly dispatcher: Dispatcher;
  readonly roles: Pick<RoleSource, 'actor'>;
  /** Null where the source of roles tells guests from members itself. */
  readonly roster: Roster | null;
  /** Shown once where the app is installed. */
  readonly welcome: () => Card;
  readonly conversations: KnownConversations;
  readonly renderer: Renderer;
  readonly replies: Replies;
  readonly log: Logger;
}
