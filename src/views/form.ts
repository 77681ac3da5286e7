import type { Card } from '../core/card.ts';
import type { FormField } from '../core/workflow.ts';
import { clean } from './text.ts';
import { defineView } from './view.ts';

/** A workflow's questions, with the answers that are known already. */
export interface FormInput {
  readonly workflow: {
    readonly name: string;
    readonly title: string;
    readonly summary: string;
    readonly form: readonly FormField[];
  };
  /** Answers by field id; what is missing stays open. */
  readonly values: Readonly<Record<string, string>>;
  /** Why the form comes back, when it was sent with something that cannot be used. */
  readonly problem?: string;
}

export const formView = defineView<FormInput>({
  template: 'form',
  model: ({ workflow, values, problem }) => ({
    workflow: workflow.name,
    title: clean(workflow.title, 120),
    intro: clean(workflow.summary, 300),
    hasProblem: Boolean(problem),
    problem: clean(problem ?? '', 500),
    fields: workflow.form.map((field) => fieldModel(field, Object.hasOwn(values, field.id) ? values[field.id] : '')),
  }),
  summary: ({ workflow }) => `${workflow.title}: some answers are needed`,
  sample: {
    workflow: {
      name: 'set-up-gateway',
      title: 'Set up a gateway',
      summary: 'Makes Office 365 ready to take mail from an e-mail security gateway. Nothing is switched on yet.',
      form: [
        {
          id: 'gateway',
          label: 'Gateway',
          kind: 'choice',
          placeholder: 'Choose a gateway',
          required: true,
          choices: [
            { title: 'ExchangeDefender', value: 'exchangedefender' },
            { title: 'Another gateway', value: 'generic' },
          ],
        },
        { id: 'domain', label: 'Domain', kind: 'text', placeholder: 'contoso.com', required: true },
        {
          id: 'ranges',
          label: 'Addresses the gateway delivers from',
          kind: 'lines',
          placeholder: '203.0.113.0/24',
          required: false,
          help: 'One IPv4 address or range per line. Only needed for a gateway that is not in the catalogue.',
        },
      ],
    },
    values: { domain: 'contoso.com', gateway: 'exchangedefender' },
    problem: 'ranges: 203.0.113.0/40 is not a range; the part after the slash goes up to 32.',
  },
  minimal: { workflow: { name: 'lock-down', title: 'Lock down', summary: 'x', form: [] }, values: {} },
});

/** The form of a workflow. */
export function formCard(input: FormInput): Card {
  return formView.card(input);
}

function fieldModel(field: FormField, value = '') {
  const label = clean(field.label, 120);
  return {
    id: field.id,
    label,
    isText: field.kind === 'text',
    isLines: field.kind === 'lines',
    isChoice: field.kind === 'choice',
    placeholder: clean(field.placeholder, 120),
    required: field.required,
    problem: field.kind === 'choice' ? `Choose: ${label}` : `Fill in: ${label}`,
    value: field.kind === 'lines' ? cleanLines(value) : clean(value, 300),
    choices: (field.choices ?? []).map((choice) => ({ choice: clean(choice.title, 120), answer: choice.value })),
    hasHelp: Boolean(field.help),
    help: clean(field.help ?? '', 300),
  };
}

function cleanLines(value: string): string {
  const shown = value.split('\n').slice(0, 100);
  return shown.map((line) => clean(line, 80)).join('\n');
}
