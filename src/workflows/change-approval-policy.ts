import { z } from 'zod/v4';
import { RefusedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { PolicyDocument } from '../core/policy/approval-policy.ts';
import { peopleIn } from '../core/policy/people-in.ts';
import { changedPolicy, fieldsThatChange } from '../core/policy/policy-change.ts';
import { policyFaults } from '../core/policy/policy-faults.ts';
import { powersGained } from '../core/policy/powers-gained.ts';
import { defineWorkflow, type Prepared, type Warning } from '../core/workflow.ts';
import type { World } from '../ports/world.ts';
import { steps } from '../steps/index.ts';

const Input = z.strictObject({
  field: z.string().min(1, 'name the field, e.g. rules.high.quorum').max(120),
  value: z.string().min(1, 'say what it becomes').max(4000),
});
type Input = z.infer<typeof Input>;

type Facts = { readonly field: string; readonly fields: JsonObject };

export const changeApprovalPolicy = defineWorkflow<Input, Facts, World>({
  name: 'change-approval-policy',
  version: 1,
  title: 'Change the approval policy',
  summary: 'Changes who decides on what, when and how surely. Decided under the policy as it is before.',
  phrases: ['change policy {field} to {value}', 'change policy', 'change approval policy'],
  about: 'switchyard',
  input: Input,
  form: [
    {
      id: 'field',
      label: 'Field',
      kind: 'text',
      placeholder: 'rules.high.quorum',
      required: true,
      help: 'Type “policy” for all fields and their present values.',
    },
    {
      id: 'value',
      label: 'New value',
      kind: 'text',
      placeholder: '2',
      required: true,
      help: 'For a list of people: add <object id>, remove <object id>, or the whole list. “none” empties it.',
    },
  ],
  prepare,
  run: (context, { field, fields }) =>
    context.run(steps.setApprovalPolicy, { title: `Change ${field} of the approval policy`, fields }),
  result: () => null,
});

async function prepare(world: World, { field, value }: Input): Promise<Prepared<Facts>> {
  const { document } = await world.policies.latest();
  const wanted = changedPolicy(document, field, value);
  const faults = policyFaults(wanted, world.policies.offersSignIn);
  if (faults.length > 0) {
    throw new RefusedError(`With that the policy could not be used. ${faults.join(' ')}`, {
      operation: 'change the approval policy',
      next: 'Ask again with another value, or change the other field first.',
    });
  }
  return {
    title: `Change ${field} of the approval policy`,
    facts: { field, fields: fieldsThatChange(document, wanted) },
    warnings: [...(await whoGains(world.policies.people, document, wanted)), ...whatItMeans],
    untouched: ['Every customer tenant: nothing of it is read or written.'],
    blastRadius: [
      'Every open request: its plan is made again under the new policy, and approvals given so far no longer count.',
    ],
  };
}

const whatItMeans: readonly Warning[] = [
  {
    level: 'notice',
    text: 'Whoever asks for this cannot decide on plans that were open when it comes into force.',
  },
];

/** Who gains what from it; by name where it is known. */
async function whoGains(
  people: World['policies']['people'],
  before: PolicyDocument,
  after: PolicyDocument,
): Promise<readonly Warning[]> {
  const names = await people.of([...new Set([...peopleIn(before), ...peopleIn(after)])]);
  return powersGained(before, after, (id) => (names.has(id) ? `${names.get(id)} (${id})` : id));
}
