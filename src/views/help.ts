import type { Card } from '../core/card.ts';
import { clean } from './text.ts';
import { defineView } from './view.ts';

/** What can be said: one line per workflow, one per question. */
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
    hasQuestions: questions.length > 0,
    questions: questions.map(({ phrase, summary }) => ({ phrase: clean(phrase, 120), summary: clean(summary, 160) })),
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
      { phrase: 'show R-7K2QXDAB', summary: 'The card of a request.' },
      { phrase: 'cancel R-7K2QXDAB', summary: 'Takes back a request that has not started.' },
    ],
  },
  minimal: { workflows: [], questions: [] },
});

/** What can be said, and how approval works. */
export function helpCard(input: HelpInput): Card {
  return helpView.card(input);
}
