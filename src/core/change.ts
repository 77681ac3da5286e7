import type { Json, JsonObject } from './json.ts';

/** One Exchange cmdlet with the exact parameters that are sent. Spelling is Exchange's own. */
export interface CmdletCall {
  readonly cmdlet: string;
  readonly parameters: JsonObject;
}

/** Names one object of the tenant, e.g. kind `InboundConnector`, identity its name. */
export interface ObjectRef {
  readonly kind: string;
  readonly identity: string;
}

/** One property of one object, before and after. `null` before means the object did not exist. */
export interface FieldChange {
  readonly field: string;
  readonly before: Json;
  readonly after: Json;
}

/**
 * What one step will do to one object, as data: shown on the card, hashed into the digest, sent on execution.
 * - `create`, `update`, `remove`: `call` is sent and `inverse` undoes it (null: `irreversible` says why not);
 * - `no-op`: the object already is as wanted, nothing is sent and nothing is undone;
 * - `prove`: nothing is sent, the run waits for a proof.
 */
export interface Change {
  /** Name of the step, spelled like the cmdlet. */
  readonly step: string;
  readonly object: ObjectRef;
  readonly action: 'create' | 'update' | 'remove' | 'no-op' | 'prove';
  /** One line for people: what this change does. */
  readonly title: string;
  readonly fields: readonly FieldChange[];
  readonly call: CmdletCall | null;
  readonly inverse: CmdletCall | null;
  readonly irreversible: string | null;
  /** Whether carrying it out can stop or open mail flow. */
  readonly risky: boolean;
}

/** The effect of a change: everything about it that an approval must bind to. Titles and other wording stay out. */
export function effectOf(change: Change): JsonObject {
  return {
    step: change.step,
    object: { kind: change.object.kind, identity: change.object.identity },
    action: change.action,
    fields: change.fields.map(({ field, before, after }) => ({ field, before, after })),
    call: change.call && { cmdlet: change.call.cmdlet, parameters: change.call.parameters },
  };
}
