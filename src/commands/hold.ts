import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const hold: Command = runCommand(
  {
    name: 'hold',
    aliases: [],
    phrase: 'hold <request> <reason>',
    summary:
      'Keeps changes that could not be proven in time and would be taken back. For requester, approvers and operators.',
  },
  ({ actor }, reason) => ({ type: 'hold', actor, reason }),
);
