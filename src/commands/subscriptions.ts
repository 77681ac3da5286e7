import type { Actor } from '../core/person.ts';
import type { Subscription } from '../core/subscription.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import { subscriptionsCard } from '../views/subscriptions.ts';
import type { Command, Services } from './command.ts';

export const subscriptions: Command = {
  name: 'subscriptions',
  aliases: [],
  phrase: 'subscriptions',
  summary: 'Shows what this conversation is told about.',
  run: async (services, { actor, conversation, scope }) => {
    const known = await services.subscriptions.of(wholeConversation(conversation));
    const lost = await lostFor(services, actor);
    return { card: subscriptionsCard({ subscriptions: known, lost, scope, changed: null }) };
  },
};

/** Nobody can ask in a conversation that is gone, so that what it subscribed to is shown elsewhere. */
async function lostFor({ subscriptions, notifier }: Services, { roles }: Actor): Promise<readonly Subscription[]> {
  if (!roles.includes('approver') && !roles.includes('operator')) return [];
  const every = await subscriptions.all();
  const scopes = await Promise.all(every.map(({ conversation }) => notifier.scopeOf(conversation)));
  return every.filter((_, at) => scopes[at] === null);
}
