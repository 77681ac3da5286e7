import type { Person } from './person.ts';
import type { SetUp } from './set-up.ts';

/** That a run stands still, or is to do so: asked for by a person, or by itself because of an error. */
export interface Pause {
  /** Who asked for it; null: the run met an error that a person may be able to do something about. */
  readonly by: Person | null;
  /** ISO time at which it was asked for. */
  readonly at: string;
  /** ISO time since which the run stands still; null while the step under way is still being finished. */
  readonly since: string | null;
  /** Why, in words; empty when the person gave no reason. */
  readonly reason: string;
  /** Code of the error the run met, null when a person paused it. */
  readonly code: string | null;
  /** Who can do what about it; empty when a person paused it. */
  readonly next: string;
}

/** That the changes are taken back unless their proof comes in time or somebody holds them. */
export interface TakeBack {
  /** Which of the plan's proofs did not come, from 0. */
  readonly proof: number;
  /** ISO time at which it begins. */
  readonly at: string;
  /** Whether it has begun, so that nobody can hold the changes any more. */
  readonly begun: boolean;
  readonly hold: Hold | null;
}

/** A person answers for changes that were not proven: they stay while the proof is looked for further. */
export interface Hold {
  readonly by: Person;
  /** ISO time. */
  readonly at: string;
  /** ISO time at which the run ends, with the changes in place, if the proof has not come by then. */
  readonly until: string;
  /** In the person's words; empty when none were given. */
  readonly reason: string;
}

/** How a run stands beside its steps and proofs, as part of its request. */
export interface RunStanding {
  readonly pause: Pause | null;
  readonly takeBack: TakeBack | null;
  /** How often an operator has asked to try the undo again. */
  readonly undoTries: number;
  /** The set-up as it was before changes that could not be taken back; null when there is nothing to go back to. */
  readonly setUpBefore: SetUp | null;
}

/** How every run begins, and how a request stands that was stored before runs could be paused. */
export const newStanding: RunStanding = { pause: null, takeBack: null, undoTries: 0, setUpBefore: null };

/** Seconds between the announcement and the taking back: enough to read a notice and press a button. */
export const graceSeconds = 900;
/** Seconds that somebody can hold unproven changes: a run that is held also holds the tenant's other runs. */
export const holdSeconds = 86_400;
/** Seconds between two looks at held changes. */
export const heldLookSeconds = 900;
/** Seconds after which people are told again that a run stands still. */
export const remindSeconds = 43_200;
