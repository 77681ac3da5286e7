import type { AuditEntry } from './store.ts';
import type { Topic } from './subscription.ts';

/** What can happen to a subscription. */
type SubscriptionAction = 'subscribed' | 'unsubscribed' | 'subscription-suspended' | 'subscription-resumed';

/** Under which name subscriptions are found in the audit trail: they belong to no request. */
export const subscriptionsName = 'subscriptions';

/** The audit entry of what happens to a subscription. `who` says in whose name and where from. */
export function subscriptionEntry(
  action: SubscriptionAction,
  topic: Topic,
  homeTenantId: string,
  who: Pick<AuditEntry, 'actor' | 'source' | 'reason'>,
): AuditEntry {
  const tenantId = topic.kind === 'tenant' ? topic.tenantId : homeTenantId;
  return { action, requestId: subscriptionsName, tenantId, outcome: 'accepted', detail: { ...topic }, ...who };
}
