import type { Change, CmdletCall, ObjectRef } from './change.ts';
import { isCosmetic } from './cosmetic.ts';
import { type JsonObject, sameJson } from './json.ts';

/** One object in canonical form, reduced to the properties that steps compare. */
export type ObjectState = JsonObject;

/** An object as it was read while planning; the state is null when it was not there. */
export interface SeenObject extends ObjectRef {
  readonly state: ObjectState | null;
}

/**
 * One reversible change, spelled like the cmdlet it sends. The interpreters do the rest:
 * planning calls `read` and `preview`; execution reads again, compares with the approved change, writes, reads back;
 * undoing restores by the inverse the change carries.
 */
export interface Step<Args, World> {
  /** Name of the cmdlet, e.g. `New-InboundConnector`. */
  readonly name: string;
  /** The object this step is about, known before anything is read. */
  object(args: Args): ObjectRef;
  /** The object as it is now, or null when there is none. Reads only. */
  read(world: World, args: Args, signal?: AbortSignal): Promise<ObjectState | null>;
  /** What this step would do to an object in this state. Pure: the same state gives the same change. */
  preview(args: Args, current: ObjectState | null): Change;
  /** Sends one call, once. Errors as in the port; a time-out after sending is an `UnknownOutcomeError`. */
  write(world: World, call: CmdletCall, signal?: AbortSignal): Promise<void>;
  /**
   * Sends the inverse of a change, once: what was there is set back, also where nobody would write it anew. Errors as in
   * `write`.
   */
  restore(world: World, inverse: CmdletCall, signal?: AbortSignal): Promise<void>;
  /** Why `restore` could not send this inverse, completing "it cannot be undone: …"; null when it can. Asks nobody. */
  whyNotRestored(world: World, inverse: CmdletCall): string | null;
}

/**
 * What a step would do to an object in this state, with its inverse only where that can be sent: an undo that is shown
 * is one that works.
 */
export function previewOf<Args, World>(
  step: Step<Args, World>,
  world: World,
  args: Args,
  current: ObjectState | null,
): Change {
  const change = step.preview(args, current);
  const why = change.inverse && step.whyNotRestored(world, change.inverse);
  return why === null ? change : { ...change, inverse: null, irreversible: why };
}

/** The state of the object after the change, predicted from the state before it. */
export function stateAfter(change: Change, current: ObjectState | null): ObjectState | null {
  if (change.action === 'remove') return null;
  const fields = Object.fromEntries(change.fields.map(({ field, after }) => [field, after]));
  return { ...current, ...fields };
}

/** Whether the object shows every field as the change leaves it. */
export function isAfter(change: Change, current: ObjectState | null): boolean {
  if (change.action === 'remove') return current === null;
  return current !== null && change.fields.every(({ field, after }) => sameJson(current[field] ?? null, after));
}

/**
 * Whether the object shows nothing but what the change found or leaves: nobody else has changed it. What a colleague
 * writes into a comment does not count.
 */
export function isBeforeOrAfter(change: Change, current: ObjectState | null): boolean {
  if (isBefore(change, current) || isAfter(change, current)) return true;
  if (change.action === 'remove' || current === null) return false;
  const { kind } = change.object;
  return change.fields.every(
    ({ field, before, after }) =>
      isCosmetic(kind, field) ||
      sameJson(current[field] ?? null, after) ||
      (change.action === 'update' && sameJson(current[field] ?? null, before)),
  );
}

/** Whether the object shows every field as the change found it. */
export function isBefore(change: Change, current: ObjectState | null): boolean {
  if (change.action === 'create') return current === null;
  return current !== null && change.fields.every(({ field, before }) => sameJson(current[field] ?? null, before));
}
