import { helpCard } from '../views/help.ts';
import type { Command } from './command.ts';

export const help: Command = {
  name: 'help',
  aliases: ['?', 'hello', 'hi'],
  phrase: 'help',
  summary: 'Shows what you can ask for.',
  run: ({ workflows, questions: known }) => {
    const questions = known.map(({ phrase, summary }) => ({ phrase, summary }));
    return Promise.resolve({ card: helpCard({ workflows, questions }) });
  },
};
