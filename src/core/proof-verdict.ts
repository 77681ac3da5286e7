import type { Finding } from './check.ts';
import { plusSeconds } from './clock.ts';
import type { ProofRun } from './proof.ts';
import type { ProofProgress } from './request.ts';
import { graceSeconds, type Hold, heldLookSeconds, type TakeBack } from './standstill.ts';

/** What one look came to, as the engine stores it. */
export type Look = {
  readonly status: ProofProgress['status'] | 'taken-back';
  readonly agreeing: number;
  readonly fact: string;
  readonly remedy: string;
  /** ISO time of the next look. */
  readonly again: string;
};

/** What was seen, and how the proof stands. */
export interface Seen {
  readonly finding: Finding;
  /** Passes in a row, this one included. */
  readonly agreeing: number;
  readonly deadline: Date;
  /** Set once the proof is overdue. */
  readonly takeBack: TakeBack | null;
}

/** What a look means. Passes that agree so far may finish their row: time may have jumped between two looks. */
export async function verdictOf(run: ProofRun, seen: Seen): Promise<Look> {
  if (seen.agreeing >= run.proof.timing.agreeing) return lookOf(run, seen, 'proven');
  return seen.takeBack === null ? inTime(run, seen) : overdue(run, seen, seen.takeBack);
}

async function inTime(run: ProofRun, seen: Seen): Promise<Look> {
  const { timing, onUnknown = 'keep' } = run.proof;
  const again = plusSeconds(run.clock.now(), timing.everySeconds);
  if (seen.agreeing > 0 || again <= seen.deadline) return lookOf(run, seen, 'proving');
  if (seen.finding.status === 'fail') return lookOf(run, seen, 'failed');
  if (onUnknown === 'keep') return lookOf(run, seen, 'unknown');
  const at = plusSeconds(run.clock.now(), graceSeconds);
  await run.announce(at, seen.finding.fact);
  return lookOf(run, seen, 'overdue', earlier(again, at));
}

async function overdue(run: ProofRun, seen: Seen, takeBack: TakeBack): Promise<Look> {
  if (seen.finding.status === 'fail') return lookOf(run, seen, 'failed');
  const { hold } = takeBack;
  if (hold) return held(run, seen, hold);
  const at = new Date(takeBack.at);
  const again = plusSeconds(run.clock.now(), run.proof.timing.everySeconds);
  if (run.clock.now() < at) return lookOf(run, seen, 'overdue', earlier(again, at));
  if (seen.agreeing > 0 || !(await run.takeBack())) return lookOf(run, seen, 'overdue', again);
  const why = `It could not be proven in time, and nobody held the changes. Last seen: ${seen.finding.fact}`;
  return { ...lookOf(run, seen, 'taken-back'), fact: why };
}

function held(run: ProofRun, seen: Seen, { by, until }: Hold): Look {
  const now = run.clock.now();
  if (seen.agreeing === 0 && now >= new Date(until)) {
    const fact = `${seen.finding.fact} ${by.name} held the changes, so they stay.`;
    return { ...lookOf(run, seen, 'unknown'), fact };
  }
  const every = seen.agreeing > 0 ? run.proof.timing.everySeconds : heldLookSeconds;
  return lookOf(run, seen, 'overdue', plusSeconds(now, every));
}

function lookOf(run: ProofRun, { finding, agreeing }: Seen, status: Look['status'], at?: Date): Look {
  const again = at ?? plusSeconds(run.clock.now(), run.proof.timing.everySeconds);
  return { status, agreeing, fact: finding.fact, remedy: finding.remedy, again: again.toISOString() };
}

function earlier(left: Date, right: Date): Date {
  return left < right ? left : right;
}
