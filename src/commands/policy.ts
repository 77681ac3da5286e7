import { policyCard } from '../views/policy.ts';
import type { Command } from './command.ts';

export const policy: Command = {
  name: 'policy',
  aliases: ['rules'],
  phrase: 'policy',
  summary: 'Shows who decides on what, when and how surely, and how to change it.',
  run: async ({ policies, clock }) => ({ card: policyCard({ record: await policies.latest(), now: clock.now() }) }),
};
