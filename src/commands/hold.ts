import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const hold: Command = runCommand(
  {
    name: 'hold',
    aliases: [],
    phrase: 'hold <request> <reason>',
    summary: 'Keeps changes in place that could not be proven in time and would be taken back.',
  },
  ({ actor }, reason) => ({ type: 'hold', actor, reason }),
);
