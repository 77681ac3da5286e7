import { utcMoment } from '../utc-moment.ts';
import type { PolicyDocument, PolicyRule } from './approval-policy.ts';
import { type Freeze, freezeAt, type Hours, nextOpening } from './calendar.ts';
import { momentIn } from './moment.ts';

/** When a run may start, by the policy and the rule for its risk. */
export interface StartTerms {
  /** IANA name: of the windows, and of their hours when people are told of them. */
  readonly timeZone: string;
  /** Null when it may start at any time. */
  readonly windows: readonly Hours[] | null;
  readonly freezes: readonly Freeze[];
  /** Minutes from the approval, or from the opening of the window, to the latest start. */
  readonly withinMinutes: number;
}

/** Why an approved run has to wait, and until when. */
export interface StartHold {
  /** ISO time at which it starts; null when the policy names no moment at which it could. */
  readonly until: string | null;
  /** The freeze that keeps it back, null when only the change window does. */
  readonly freeze: Freeze | null;
  /** What nobody could tell at the last try, as sentences; then `until` is the next try. Default: it was not that. */
  readonly unclear?: string;
}

/** What the two clocks say about an approval given at one moment. */
export interface StartOutlook {
  /** ISO time by which the run must have started. */
  readonly by: string;
  /** What keeps it back, null when it may start at once. */
  readonly hold: StartHold | null;
  /** Whether it will expire before it may start. */
  readonly tooLate: boolean;
}

/** When plans under this rule may start. */
export function startTerms(document: PolicyDocument, { inChangeWindow }: PolicyRule): StartTerms {
  const { timeZone, changeWindows, freezes, startWithinMinutes } = document;
  return { timeZone, windows: inChangeWindow ? changeWindows : null, freezes, withinMinutes: startWithinMinutes };
}

/**
 * What becomes of an approval given now. The time to start counts from the approval; where a change window is wanted,
 * from its opening. A freeze does not lengthen it.
 */
export function startOutlook(terms: StartTerms, now: Date): StartOutlook {
  const window = nextOpening(terms.windows, [], terms.timeZone, now);
  const by = new Date((window ?? now).getTime() + terms.withinMinutes * 60_000);
  const hold = holdAt(terms, now);
  const tooLate = hold !== null && (hold.until === null || new Date(hold.until) >= by);
  return { by: by.toISOString(), hold, tooLate };
}

/** What keeps a run from starting at this moment, null when nothing does. */
export function holdAt({ timeZone, windows, freezes }: StartTerms, now: Date): StartHold | null {
  const opening = nextOpening(windows, freezes, timeZone, now);
  if (opening && opening <= now) return null;
  const window = nextOpening(windows, [], timeZone, now);
  return { until: opening?.toISOString() ?? null, freeze: window && freezeAt(freezes, window) };
}

/** What keeps it back and until when, as sentences; the hours of a change window in the policy's time zone. */
export function holdInWords({ until, freeze, unclear }: StartHold, { timeZone, windows }: StartTerms): string {
  if (unclear !== undefined) return unclear;
  const frozen = freeze && `Nothing starts until ${utcMoment(freeze.to)}: ${freeze.reason.replace(/\.$/, '')}.`;
  const start =
    until === null
      ? 'The policy names no change window in which it could start; an approver of the policy has to add one.'
      : `It starts ${windows ? `in the change window at ${momentIn(until, timeZone)}` : `at ${utcMoment(until)}`}.`;
  return frozen ? `${frozen} ${start}` : start;
}
