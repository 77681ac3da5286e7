import { InvalidInputError } from '../core/errors.ts';
import type { Command } from './command.ts';
import { wholeTextBehind } from './reason-behind.ts';
import { runCommand } from './run-command.ts';

export const review: Command = runCommand(
  {
    name: 'review',
    aliases: [],
    phrase: 'review <request> <ok or objection> <remarks>',
    summary: 'Accepts what somebody answered for an emergency start, or objects to it. For approvers.',
  },
  ({ actor }, said, { id }) => ({ type: 'review', actor, ...verdictIn(said, id) }),
  wholeTextBehind,
);

function verdictIn(said: string, id: string): { verdict: 'accepted' | 'objection'; text: string } {
  const [, word = '', text = ''] = /^\s*(\S+)\s*(.*)$/su.exec(said) ?? [];
  const plain = word.toLowerCase().replace(/[.,:;!]+$/u, '');
  if (['ok', 'okay', 'accept', 'accepted'].includes(plain)) return { verdict: 'accepted', text };
  if (['objection', 'object', 'no'].includes(plain)) return { verdict: 'objection', text };
  throw new InvalidInputError('A review says ok or objection.', {
    operation: 'review an emergency start',
    next: `Type “review ${id} ok”, or “review ${id} objection” and why.`,
  });
}
