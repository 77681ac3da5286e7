import type { Actor, Person } from './person.ts';

/** How often a digest is posted: at the full hour, or at eight in the morning. */
export type DigestPeriod = 'hourly' | 'daily';

/** What can be subscribed to: the notices about a domain, about a tenant, about everything, or the cards to decide on. */
export type Topic =
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'tenant'; readonly tenantId: string; readonly name: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'approvals' };

/** One conversation wants to be told about one topic. */
export interface Subscription {
  /** Key of a channel as a whole, of a group chat or of a personal chat. */
  readonly conversation: string;
  readonly topic: Topic;
  /** Null: every notice at once. */
  readonly digest: DigestPeriod | null;
  /** IANA time zone of who subscribed, for the hour of a daily digest; null when it is not known. */
  readonly timeZone: string | null;
  readonly by: Person;
  /** Whoever asked for it may not any more, and somebody was told so. Default: false. */
  readonly suspended?: boolean;
}

/**
 * Whether somebody may choose that a conversation is told about a topic. Every role may for notices, an approver or an
 * operator for cards to decide on. `isAlone`: only they read it, and then they must be able to decide.
 */
export function maySubscribe(
  { roles, isGuest }: Pick<Actor, 'roles' | 'isGuest'>,
  kind: Topic['kind'],
  isAlone: boolean,
): boolean {
  if (isGuest) return false;
  if (kind !== 'approvals') return roles.length > 0;
  return roles.includes('approver') || (!isAlone && roles.includes('operator'));
}
