import type { Card } from '../core/card.ts';
import { clean } from './text.ts';
import { defineView } from './view.ts';

/** What can be said: one line per workflow, one per command. */
export interface HelpInput {
  readonly workflows: readonly {
    readonly title: string;
    readonly summary: string;
    readonly phrases: readonly string[];
  }[];
  readonly questions: readonly { readonly phrase: string; readonly summary: string }[];
}

export const helpView = defineView<HelpInput>({
  template: 'help',
  model: ({ workflows, questions }) => ({
    hasWorkflows: workflows.length > 0,
    workflows: workflows.map(({ title, summary, phrases }) => ({
      phrase: clean((phrases[0] ?? title).replace(/\{(\w+)\}/g, '<$1>'), 120),
      summary: clean(summary, 160),
    })),
    hasQuestions: questions.some(isQuestion),
    questions: questions.filter(isQuestion).map(lineOf),
    hasControls: !questions.every(isQuestion),
    controls: questions.filter((one) => !isQuestion(one)).map(lineOf),
  }),
  summary: () => 'What you can ask Switchyard',
  sample: {
    workflows: [
      {
        title: 'Set up a gateway',
        summary: 'Makes Office 365 ready for a gateway; nothing is switched on yet.',
        phrases: ['set up gateway {gateway} for {domain}'],
      },
      {
        title: 'Lock down',
        summary: 'Office 365 takes mail from the gateway only, and proves it.',
        phrases: ['lock down {domain}'],
      },
      { title: 'Unlock', summary: 'The emergency brake: direct delivery works again.', phrases: ['unlock {domain}'] },
    ],
    questions: [
      { phrase: 'status', summary: 'Every set-up with its health, and what is under way.' },
      { phrase: 'pending', summary: 'What waits for a decision.' },
      { phrase: 'show <request>', summary: 'The card of a request.' },
      { phrase: 'cancel <request>', summary: 'Takes back a request that has not started.' },
    ],
  },
  minimal: { workflows: [], questions: [] },
});

/** Reading one request is a question too; everything else that names a request acts on it. */
function isQuestion({ phrase }: HelpInput['questions'][number]): boolean {
  return phrase.startsWith('show ') || !phrase.includes('<request>');
}

function lineOf({ phrase, summary }: HelpInput['questions'][number]) {
  return { phrase: clean(phrase, 120), summary: clean(summary, 160) };
}

/** What can be said, and how approval works. */
export function helpCard(input: HelpInput): Card {
  return helpView.card(input);
}
