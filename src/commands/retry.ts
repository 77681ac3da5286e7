import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const retry: Command = runCommand(
  {
    name: 'retry',
    aliases: [],
    phrase: 'retry <request>',
    summary: 'Tries again what a run paused for, or an undo that did not work. For operators.',
  },
  ({ actor }) => ({ type: 'retry', actor }),
);
