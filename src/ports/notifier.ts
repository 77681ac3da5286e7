import type { Card } from '../core/card.ts';
import type { Person } from '../core/person.ts';
import type { SentMessage } from '../core/store.ts';
import type { KnownConversation } from './conversations.ts';

/**
 * Sends cards into conversations we know. Sends to one conversation are serialised and kept within the channel's limits.
 * Errors: `ThrottledError` and `UnavailableError` (nothing was shown, try later), `UnknownOutcomeError` (a post may or may
 * not have been shown), `RefusedError` (the conversation is gone or closed to us; trying again will not help).
 */
export interface Notifier {
  /** Posts a new message. A conversation key that names a thread posts into that thread. */
  post(conversation: string, card: Card): Promise<SentMessage>;
  /** Replaces the card of a message of ours. */
  update(message: SentMessage, card: Card): Promise<void>;
  /** What kind of conversation this is, or null when we cannot post there. A thread is reached through its channel. */
  scopeOf(conversation: string): Promise<KnownConversation['scope'] | null>;
  /** The only person who reads this conversation; null when several do, or when we cannot post there. */
  readerOf(conversation: string): Promise<Person | null>;
  /** The key of our personal chat with a person, or null when they never installed the app and it cannot be opened. */
  personal(person: Person): Promise<string | null>;
}
