import { peopleIn } from '../core/policy/people-in.ts';
import { policyCard } from '../views/policy.ts';
import type { Command } from './command.ts';

export const policy: Command = {
  name: 'policy',
  aliases: ['rules'],
  phrase: 'policy',
  summary: 'Shows who decides on what, when and how surely, and how to change it.',
  run: async ({ policies, people }) => {
    const record = await policies.latest();
    return { card: policyCard({ record, names: await people.of(peopleIn(record.document)) }) };
  },
};
