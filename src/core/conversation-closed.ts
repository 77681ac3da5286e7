import { randomUUID } from 'node:crypto';
import type { Effect } from './store.ts';
import { subscriptionsName } from './subscription-entry.ts';

/**
 * Tells the operators that a conversation which subscribed to something cannot be posted to any more. `wishes` are what
 * it subscribed to, as people type it. Somebody must act when approvals went there: nobody sees those cards now.
 */
export function conversationClosed(conversation: string, wishes: readonly string[]): Effect {
  const all = wishes.map((wish) => `“subscribe ${wish}”`).join(', ');
  return {
    kind: 'notice',
    id: `${subscriptionsName}:${randomUUID()}`,
    audience: 'operators',
    notice: {
      kind: 'closed',
      requestId: subscriptionsName,
      headline: `A conversation that subscribed can no longer be reached: ${all}`,
      body: `Teams says that Switchyard was removed or blocked there, or that the conversation is gone. Nothing is sent there, and open requests that it showed get their cards elsewhere. Whoever owns the conversation adds the app again or writes to it there; then its subscriptions go on by themselves. Where it is gone for good, somebody types ${all} in another one.`,
      details: [`Conversation: ${conversation}`],
      tone: 'attention',
      urgent: wishes.includes('approvals'),
    },
  };
}
