import type { JsonObject } from '../core/json.ts';
import type { Reader } from '../core/reader.ts';

/** A conversation we may post to, as the last authenticated activity from it described it. */
export interface KnownConversation {
  /** The channel's conversation id, including `;messageid=` for a thread. */
  readonly key: string;
  /** Address of the channel's service; its host must be on the allow-list when it is written and when it is used. */
  readonly serviceUrl: string;
  readonly tenantId: string;
  readonly scope: 'personal' | 'channel' | 'groupChat';
  /** The team of a channel, as the channel's service names it; default: unknown, or no team. */
  readonly teamId?: string | null;
  /** Object id of the person in a personal chat, otherwise null. */
  readonly personId: string | null;
  /** How the person of a personal chat reads; default: unknown. */
  readonly reader?: Reader;
  /** The channel's own reference, opaque here. */
  readonly reference: JsonObject;
}

/** Where known conversations are kept; the latest service address wins. */
export interface ConversationStore {
  remember(conversation: KnownConversation): Promise<void>;
  get(key: string): Promise<KnownConversation | null>;
  /** The personal chat with a person, or null when none is known. */
  personal(tenantId: string, objectId: string): Promise<KnownConversation | null>;
  /** The service address we heard from last, or null when we never heard from anywhere. */
  latestServiceUrl(tenantId: string): Promise<string | null>;
  /**
   * Marks a conversation with all its threads as gone; it is not used again until an activity arrives from it. Open
   * requests that are shown there get their card drawn again, so that it appears where it can still be seen.
   */
  forget(key: string): Promise<void>;
  /** The same for every conversation of a team. */
  forgetTeam(teamId: string): Promise<void>;
}
