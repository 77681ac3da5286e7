import type { CmdletCall, FieldChange, ObjectRef } from '../core/change.ts';
import { RefusedError } from '../core/errors.ts';
import { type JsonObject, sameJson } from '../core/json.ts';
import { documentFrom, fieldsOf } from '../core/policy/policy-fields.ts';
import type { Step } from '../core/step.ts';
import type { World } from '../ports/world.ts';

interface SetApprovalPolicy {
  readonly title: string;
  /** Wanted values by path, such as `rules.high.quorum`; null takes a field away. */
  readonly fields: JsonObject;
}

const policy: ObjectRef = { kind: 'ApprovalPolicy', identity: 'in force' };

export const setApprovalPolicy: Step<SetApprovalPolicy, World> = {
  name: 'Set-ApprovalPolicy',
  object: () => policy,
  read: async (world) => fieldsOf((await world.policies.latest()).document),
  preview: ({ title, fields }, current) => {
    if (!current) throw noPolicy();
    const changes = Object.entries(fields)
      .map(([field, after]) => ({ field, before: current[field] ?? null, after }))
      .filter(({ before, after }) => !sameJson(before, after));
    const common = { step: 'Set-ApprovalPolicy', object: policy, title, irreversible: null };
    if (changes.length === 0) {
      return { ...common, action: 'no-op', fields: [], call: null, inverse: null, risky: false };
    }
    return {
      ...common,
      action: 'update',
      fields: changes,
      call: callWith(changes, 'after'),
      inverse: callWith(changes, 'before'),
      risky: false,
    };
  },
  write: replaceFields,
  restore: replaceFields,
  whyNotRestored: () => null,
};

async function replaceFields(world: World, { parameters }: CmdletCall): Promise<void> {
  const { number, document } = await world.policies.latest();
  await world.policies.replace(number, documentFrom({ ...fieldsOf(document), ...parameters }));
}

function callWith(changes: readonly FieldChange[], side: 'before' | 'after'): CmdletCall {
  const parameters = Object.fromEntries(changes.map((change) => [change.field, change[side]]));
  return { cmdlet: 'Set-ApprovalPolicy', parameters };
}

function noPolicy(): RefusedError {
  return new RefusedError('There is no approval policy to change.', {
    operation: 'Set-ApprovalPolicy',
    next: 'An operator starts Switchyard again, which makes the first one from its configuration.',
  });
}
