import { pendingCard } from '../views/pending.ts';
import type { Command } from './command.ts';

export const pending: Command = {
  name: 'pending',
  aliases: ['open'],
  phrase: 'pending',
  summary: 'Shows the requests that wait for a decision.',
  run: async ({ store, clock }) => {
    const requests = await store.list({ states: ['awaiting-approval'] });
    return { card: pendingCard({ requests, now: clock.now() }) };
  },
};
