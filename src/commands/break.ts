import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const breakGlass: Command = runCommand(
  {
    name: 'break',
    aliases: [],
    phrase: 'break glass <request> <reason>',
    summary: 'Starts a planned request alone in an emergency: loud, on record, and to be answered for.',
  },
  ({ actor }, reason, { plan }) => ({ type: 'break-glass', actor, reason, digest: plan?.digest ?? '' }),
);
