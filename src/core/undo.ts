import { type Change, type CmdletCall, isWrite, type ObjectRef } from './change.ts';

/** How one change would be taken back. */
export interface UndoLine {
  /** Index of the change in the plan, from 0. */
  readonly change: number;
  readonly object: ObjectRef;
  /** What is sent; null: it cannot be taken back. */
  readonly call: CmdletCall | null;
  /** Why it cannot be taken back; null when it can. */
  readonly why: string | null;
}

/** The inverse plan: what stopping a run after its last change would send, in that order. */
export function undoOf(changes: readonly Change[]): UndoLine[] {
  return changes
    .map((change, index) => ({ change, index }))
    .filter(({ change }) => isWrite(change))
    .toReversed()
    .map(({ change: { object, inverse, irreversible }, index }) => ({
      change: index,
      object,
      call: inverse,
      why: inverse === null ? (irreversible ?? 'no way back is known') : null,
    }));
}
