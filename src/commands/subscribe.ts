import { sourceOf } from '../core/source-of.ts';
import { subscriptionEntry } from '../core/subscription-entry.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import { errorCard } from '../views/error.ts';
import { subscriptionsCard } from '../views/subscriptions.ts';
import type { Command } from './command.ts';
import { subscribingRefused } from './may-subscribe.ts';
import { periodFrom, topicFrom } from './subscription-topic.ts';

export const subscribe: Command = {
  name: 'subscribe',
  aliases: ['follow'],
  phrase: 'subscribe <domain, tenant, all or approvals>',
  summary:
    'Tells this conversation about it at once; “digest daily” or “digest hourly” behind it collects. “approvals” brings the cards to decide on.',
  run: async (services, turn, words) => {
    const topic = await topicFrom(services, words);
    const refused = await subscribingRefused(services, turn, 'subscribed', topic);
    if (refused) return { card: refused };
    const digest = periodFrom(words);
    if (topic.kind === 'approvals' && digest !== null) {
      const message = 'Cards to decide on come at once; they cannot be collected for a digest.';
      return { card: errorCard({ code: 'invalid-input', message, next: 'Type “subscribe approvals”.' }) };
    }
    const { actor, scope, timeZone = null } = turn;
    const conversation = wholeConversation(turn.conversation);
    const by = { tenantId: actor.tenantId, objectId: actor.objectId, name: actor.name };
    const from = sourceOf(actor, turn.conversation);
    const audit = subscriptionEntry('subscribed', topic, services.home.id, { actor: by, ...from });
    await services.subscriptions.put({ conversation, topic, digest, timeZone, by }, audit);
    const subscriptions = await services.subscriptions.of(conversation);
    return { card: subscriptionsCard({ subscriptions, scope, changed: { topic, how: 'added' } }) };
  },
};
