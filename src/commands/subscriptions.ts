import { wholeConversation } from '../core/whole-conversation.ts';
import { subscriptionsCard } from '../views/subscriptions.ts';
import type { Command } from './command.ts';

export const subscriptions: Command = {
  name: 'subscriptions',
  aliases: [],
  phrase: 'subscriptions',
  summary: 'Shows what this conversation is told about.',
  run: async (services, { conversation, scope }) => {
    const known = await services.subscriptions.of(wholeConversation(conversation));
    return { card: subscriptionsCard({ subscriptions: known, scope, changed: null }) };
  },
};
