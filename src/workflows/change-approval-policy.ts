import { z } from 'zod/v4';
import { RefusedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { PolicyDocument } from '../core/policy/approval-policy.ts';
import { changedPolicy, fieldsThatChange } from '../core/policy/policy-change.ts';
import { policyFaults } from '../core/policy/policy-faults.ts';
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
    warnings: [...(await newDeciders(world.policies.people, document, wanted)), ...whatItMeans],
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

/** Who can decide, or start alone, from then on and could not before; by name where it is known. */
async function newDeciders(
  people: World['policies']['people'],
  before: PolicyDocument,
  after: PolicyDocument,
): Promise<Warning[]> {
  const already = new Set(Object.values(before.rings).flatMap(membersOf));
  const gains = Object.entries(after.rings).map(([ring, circle]) => ({
    what: `may decide as part of ${ring}`,
    ids: membersOf(circle).filter((id) => !already.has(id)),
  }));
  const couldBreakGlass = new Set(membersOf(before.breakGlass));
  const breakGlass = membersOf(after.breakGlass).filter((id) => !couldBreakGlass.has(id));
  const all = [...gains, { what: 'may start alone in an emergency (break glass)', ids: breakGlass }];
  const names = await people.of(all.flatMap(({ ids }) => ids));
  const called = (id: string): string => (names.has(id) ? `${names.get(id)} (${id})` : id);
  return all
    .filter(({ ids }) => ids.length > 0)
    .map(({ what, ids }) => ({ level: 'danger', text: `From then on ${ids.map(called).join(', ')} ${what}.` }));
}

function membersOf(circle: Pick<PolicyDocument['rings'][string], 'people' | 'groups'> | null): readonly string[] {
  return circle ? [...circle.people, ...circle.groups] : [];
}
