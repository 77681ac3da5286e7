import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const release: Command = runCommand(
  {
    name: 'release',
    aliases: [],
    phrase: 'release <request>',
    summary: 'Lets go of changes that somebody holds: without a proof they are taken back 15 minutes later.',
  },
  ({ actor }) => ({ type: 'release', actor }),
);
