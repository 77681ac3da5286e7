import { isCosmetic } from './cosmetic.ts';
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

/** Whether something is sent to the tenant, rather than found to be so already or only proven. */
export function isWrite(change: Change): boolean {
  return change.action === 'create' || change.action === 'update' || change.action === 'remove';
}

/**
 * The effect of a change: everything about it that an approval must bind to. Titles and other wording stay out, and so
 * do cosmetic properties of an object that is there already: a change of nothing else counts as no change.
 */
export function effectOf(change: Change): JsonObject {
  const { step, object, call, inverse, irreversible, risky } = change;
  const { kind, identity } = object;
  const keep = (property: string): boolean => change.action === 'create' || !isCosmetic(kind, property);
  const fields = change.fields.filter(({ field }) => keep(field));
  const isOnlyCosmetic = change.action === 'update' && fields.length === 0;
  if (isOnlyCosmetic || change.action === 'no-op') return { step, object: { kind, identity }, action: 'no-op' };
  const sent = (one: CmdletCall | null): Json =>
    one && {
      cmdlet: one.cmdlet,
      parameters: Object.fromEntries(Object.entries(one.parameters).filter(([name]) => keep(name))),
    };
  return {
    step,
    object: { kind, identity },
    action: change.action,
    fields: fields.map(({ field, before, after }) => ({ field, before, after })),
    call: sent(call),
    inverse: sent(inverse),
    isLasting: irreversible !== null,
    isRisky: risky,
  };
}
