import type { Subscription, Topic } from '../core/subscription.ts';

/** Who wants to be told about what. */
export interface SubscriptionStore {
  /** Adds a subscription, or changes how it is told. */
  put(subscription: Subscription): Promise<void>;
  /** False when there was none. */
  remove(conversation: string, topic: Topic): Promise<boolean>;
  of(conversation: string): Promise<readonly Subscription[]>;
  /** Everybody who wants notices about this tenant, one of these domains, or everything: once per conversation. */
  about(tenantId: string, domains: readonly string[]): Promise<readonly Subscription[]>;
  /** Conversations that want a card of every request that waits for a decision. */
  approvals(): Promise<readonly string[]>;
}
