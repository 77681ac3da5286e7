import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const pause: Command = runCommand(
  {
    name: 'pause',
    aliases: [],
    phrase: 'pause <request> <reason>',
    summary: 'Lets a run stand still before its next write. For operators.',
  },
  ({ actor }, reason) => ({ type: 'pause', actor, reason }),
);
