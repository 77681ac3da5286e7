import { InvalidInputError } from '../core/errors.ts';
import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

const emergency = runCommand(
  {
    name: 'break',
    aliases: [],
    phrase: 'break glass <request> <reason>',
    summary:
      'Starts a planned request alone in an emergency: everybody is told, and you answer for it. For those the policy names.',
  },
  ({ actor }, reason, { plan }) => ({ type: 'break-glass', actor, reason, digest: plan?.digest ?? '' }),
);

export const breakGlass: Command = {
  ...emergency,
  run: async (services, turn, words) => {
    const [first = '', ...rest] = words;
    if (first.toLowerCase() === 'glass') return emergency.run(services, turn, rest);
    throw new InvalidInputError('An emergency start needs both words: break glass.', {
      operation: 'start a request alone',
      next: `Type “${emergency.phrase}”. To withdraw a request type “cancel <request>”.`,
    });
  },
};
