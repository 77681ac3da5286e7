import { sourceOf } from '../core/source-of.ts';
import { subscriptionEntry } from '../core/subscription-entry.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import { subscriptionsCard } from '../views/subscriptions.ts';
import type { Command } from './command.ts';
import { subscribingRefused } from './may-subscribe.ts';
import { topicFrom } from './subscription-topic.ts';

export const unsubscribe: Command = {
  name: 'unsubscribe',
  aliases: ['unfollow'],
  phrase: 'unsubscribe <domain, tenant, all or approvals>',
  summary: 'Ends one subscription of this conversation.',
  run: async (services, turn, words) => {
    const topic = await topicFrom(services, words);
    const refused = await subscribingRefused(services, turn, 'unsubscribed', topic);
    if (refused) return { card: refused };
    const conversation = wholeConversation(turn.conversation);
    const { actor } = turn;
    const from = sourceOf(actor, turn.conversation);
    const audit = subscriptionEntry('unsubscribed', topic, services.home.id, { actor, ...from });
    const how = (await services.subscriptions.remove(conversation, topic, audit)) ? 'removed' : 'absent';
    const subscriptions = await services.subscriptions.of(conversation);
    return { card: subscriptionsCard({ subscriptions, scope: turn.scope, changed: { topic, how } }) };
  },
};
