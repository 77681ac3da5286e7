import { openStates } from '../core/request.ts';
import { statusCard } from '../views/status.ts';
import type { Command } from './command.ts';
import { setUpsNow } from './set-ups-now.ts';

export const status: Command = {
  name: 'status',
  aliases: ['overview'],
  phrase: 'status',
  summary: 'Shows every set-up with its health, and the open requests.',
  run: async ({ store, setUps, clock, workflows }) => {
    const [known, requests] = await Promise.all([setUps.all(), store.list({ states: openStates, limit: 500 })]);
    return { card: statusCard({ setUps: setUpsNow(known, requests, workflows), requests, now: clock.now() }) };
  },
};
