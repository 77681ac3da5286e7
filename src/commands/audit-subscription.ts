import { sourceOf } from '../core/source-of.ts';
import type { Topic } from '../core/subscription.ts';
import type { Services } from './command.ts';
import type { MessageTurn } from './turn.ts';

/** Keeps on record who chose what a conversation is told about, before it comes about. */
export function auditSubscription(
  { store, home }: Pick<Services, 'store' | 'home'>,
  { actor, conversation }: Pick<MessageTurn, 'actor' | 'conversation'>,
  action: 'subscribed' | 'unsubscribed',
  topic: Topic,
): Promise<void> {
  return store.record({
    action,
    requestId: 'subscriptions',
    tenantId: topic.kind === 'tenant' ? topic.tenantId : home.id,
    actor,
    outcome: 'accepted',
    ...sourceOf(actor, conversation),
    detail: { ...topic },
  });
}
