import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

export const resume: Command = runCommand(
  {
    name: 'resume',
    aliases: ['continue', 'unpause'],
    phrase: 'resume <request>',
    summary: 'Lets a paused run go on; it reads the tenant again first. For operators.',
  },
  ({ actor }) => ({ type: 'resume', actor }),
);
