import { pendingCard } from '../views/pending.ts';
import type { Command } from './command.ts';

export const pending: Command = {
  name: 'pending',
  aliases: ['open'],
  phrase: 'pending',
  summary: 'Shows the requests that wait for a decision.',
  run: async ({ store, clock }, { conversation }) => {
    // All of them: those that are due soonest are the oldest, and the list gives the newest first.
    const requests = await store.list({ states: ['awaiting-approval'], limit: 500 });
    return { card: pendingCard({ requests, here: conversation, now: clock.now() }) };
  },
};
