import type { JsonObject } from '../core/json.ts';
import { sourceOf } from '../core/source-of.ts';
import type { Services } from './command.ts';
import type { MessageTurn } from './turn.ts';

/** What was asked for and refused to the person before anything came of it. */
interface Refused {
  readonly action: 'requested' | 'consent-asked' | 'subscribed' | 'unsubscribed';
  readonly reason: string;
  readonly about: JsonObject;
}

/** Keeps a refusal on record that no request has: somebody asked for what they may not ask for. */
export function onRecord(
  { store, home }: Pick<Services, 'store' | 'home'>,
  { actor, conversation }: Pick<MessageTurn, 'actor' | 'conversation'>,
  { action, reason, about }: Refused,
): Promise<void> {
  return store.record({
    action,
    requestId: 'not-opened',
    tenantId: home.id,
    actor,
    outcome: 'refused',
    reason,
    ...sourceOf(actor, conversation),
    detail: about,
  });
}
