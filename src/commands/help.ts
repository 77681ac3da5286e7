import { helpCard } from '../views/help.ts';
import type { Command } from './command.ts';

export const help: Command = {
  name: 'help',
  aliases: ['?', 'hello', 'hi'],
  phrase: 'help <word>',
  summary: 'Shows what you can ask for; with a word behind it, such as “help subscribe”, only what has to do with it.',
  run: ({ workflows, questions: known }, _turn, words) => {
    const all = { workflows, questions: known.map(({ phrase, summary }) => ({ phrase, summary })) };
    const wanted = words
      .join(' ')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .trim();
    const isAbout = (...texts: readonly string[]): boolean => texts.some((text) => text.toLowerCase().includes(wanted));
    const some = {
      workflows: all.workflows.filter(({ title, phrases, summary }) => isAbout(title, summary, ...phrases)),
      questions: all.questions.filter(({ phrase, summary }) => isAbout(phrase, summary)),
    };
    const isFound = some.workflows.length + some.questions.length > 0;
    return Promise.resolve({ card: helpCard(isFound ? some : all) });
  },
};
