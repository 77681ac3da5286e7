import type { ObjectRef } from '../core/change.ts';
import { RefusedError } from '../core/errors.ts';
import { type Json, type JsonObject, sameJson } from '../core/json.ts';
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
    const call = (values: readonly (readonly [string, Json])[]) => ({
      cmdlet: 'Set-ApprovalPolicy',
      parameters: Object.fromEntries(values),
    });
    return {
      ...common,
      action: 'update',
      fields: changes,
      call: call(changes.map(({ field, after }) => [field, after])),
      inverse: call(changes.map(({ field, before }) => [field, before])),
      // Whoever changes who approves can change everything.
      risky: true,
    };
  },
  write: async (world, { parameters }) => {
    const { number, document } = await world.policies.latest();
    await world.policies.replace(number, documentFrom({ ...fieldsOf(document), ...parameters }));
  },
};

function noPolicy(): RefusedError {
  return new RefusedError('There is no approval policy to change.', {
    operation: 'Set-ApprovalPolicy',
    next: 'An operator starts Switchyard again, which makes the first one from its configuration.',
  });
}
