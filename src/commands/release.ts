import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const release: Command = runCommand(
  {
    name: 'release',
    aliases: [],
    phrase: 'release <request>',
    summary:
      'Lets go of held changes: without a proof they are taken back 15 minutes later. For requester, approvers and operators.',
  },
  ({ actor }) => ({ type: 'release', actor }),
);
