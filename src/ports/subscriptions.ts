import type { AuditEntry, Effect } from '../core/store.ts';
import type { Subscription, Topic } from '../core/subscription.ts';

/** Who wants to be told about what. What changes here is written together with its audit entry, or not at all. */
export interface SubscriptionStore {
  /** Adds a subscription, or changes how it is told and on whose wish. */
  put(subscription: Subscription, audit: AuditEntry): Promise<void>;
  /** False when there was none; then nothing is written. */
  remove(conversation: string, topic: Topic, audit: AuditEntry): Promise<boolean>;
  of(conversation: string): Promise<readonly Subscription[]>;
  /** Every wish of every conversation. */
  all(): Promise<readonly Subscription[]>;
  /**
   * Every wish for notices about this tenant, one of these domains, or everything; of those of one conversation the one
   * that is told soonest comes first.
   */
  about(tenantId: string, domains: readonly string[]): Promise<readonly Subscription[]>;
  /** Every wish for a card of each request that waits for a decision. */
  approvals(): Promise<readonly Subscription[]>;
  /** Whoever asked for it may not any more. True for the first who says so; only then is anything written. */
  suspend(subscription: Subscription, audit: AuditEntry, effects: readonly Effect[]): Promise<boolean>;
  /** Whoever asked for it may again. True for the first who says so; only then is anything written. */
  resume(subscription: Subscription, audit: AuditEntry): Promise<boolean>;
}
