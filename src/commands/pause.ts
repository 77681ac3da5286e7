import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const pause: Command = runCommand(
  {
    name: 'pause',
    aliases: [],
    phrase: 'pause <request> <reason>',
    summary: 'Stops a run before its next write until somebody resumes it. For operators.',
  },
  ({ actor }, reason) => ({ type: 'pause', actor, reason }),
);
