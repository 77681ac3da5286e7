import type { Command } from './command.ts';
import { wholeTextBehind } from './reason-behind.ts';
import { runCommand } from './run-command.ts';

export const answer: Command = runCommand(
  {
    name: 'answer',
    aliases: [],
    phrase: 'answer <request> <what happened>',
    summary: 'Says what happened after you started a request alone in an emergency.',
  },
  ({ actor }, text) => ({ type: 'answer', actor, text }),
  wholeTextBehind,
);
