import { statusCard } from '../views/status.ts';
import type { Command } from './command.ts';

export const status: Command = {
  name: 'status',
  aliases: ['overview'],
  phrase: 'status',
  summary: 'Shows every set-up with its health, and the open requests.',
  run: async ({ store, setUps, clock }) => {
    const states = ['planning', 'awaiting-approval', 'confirming', 'approved', 'running'] as const;
    const [known, requests] = await Promise.all([setUps.all(), store.list({ states })]);
    return { card: statusCard({ setUps: known, requests, now: clock.now() }) };
  },
};
