import type { StartHold, StartTerms } from './policy/start-terms.ts';

/** Everything about a request that happens because time passes. Kept with the request: nothing waits in memory. */
export interface Clocks {
  /** When the current plan may start, as the policy said when it was made; null before there is a plan. */
  readonly terms: StartTerms | null;
  /** Hours in which whoever starts it alone must answer for it; null when the policy lets nobody do that. */
  readonly answerWithinHours: number | null;
  /** ISO time since which a decision on the current plan is awaited. */
  readonly awaitedSince: string | null;
  /** ISO time of the latest rung of the reminder ladder that was used; null before the first. */
  readonly remindedTo: string | null;
  /** How many further rings were asked. */
  readonly widened: number;
  /** ISO time by which an approved request must have started; null while none is approved. */
  readonly startBy: string | null;
  /** What keeps an approved request from starting; null when nothing does. */
  readonly hold: StartHold | null;
  /** How often the start of the current plan was asked for: a window may close before the run gets its turn. */
  readonly starts: number;
  /** ISO time since which nobody can tell whether the current plan still holds; null as long as that is not so. */
  readonly unclearSince: string | null;
  /** ISO time of the next thing that is due, null when nothing is. */
  readonly nextDue: string | null;
  /** Version of the policy by which `nextDue` was worked out. */
  readonly duePolicy: string;
}

/** The clocks of a request without a plan. */
export const noClocks: Clocks = {
  terms: null,
  answerWithinHours: null,
  awaitedSince: null,
  remindedTo: null,
  widened: 0,
  startBy: null,
  hold: null,
  starts: 0,
  unclearSince: null,
  nextDue: null,
  duePolicy: '',
};
