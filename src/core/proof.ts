import type { Finding } from './check.ts';
import { type Clock, plusSeconds } from './clock.ts';
import type { DurableRun } from './durable.ts';
import { RunError } from './recorded.ts';
import type { ProofProgress } from './request.ts';
import type { Proof } from './workflow.ts';

/** How a proof ended. A disproof is thrown, unless the changes are to stay in spite of it. */
export interface ProofResult {
  readonly status: 'proven' | 'unknown' | 'failed';
  readonly fact: string;
  readonly remedy: string;
}

/** What waiting for a proof needs. */
export interface ProofRun {
  readonly durable: DurableRun;
  readonly clock: Clock;
  /** Prefix of the stored steps' names. */
  readonly name: string;
  readonly proof: Pick<Proof<never, never>, 'title' | 'timing' | 'disproof'>;
  look(): Promise<Finding>;
  report(progress: ProofProgress): Promise<void>;
}

/**
 * Lets a change settle, then looks until enough answers in a row agree or the deadline has passed.
 * Proven: enough passes. Still failing at the deadline: a `RunError`, so that the run takes its changes back, or
 * `failed` when the proof says that they stay.
 * Only unclear answers at the deadline: `unknown`, which is neither success nor failure and undoes nothing.
 * A message on the topic `operator` stops the wait and the run.
 */
export async function awaitProof(run: ProofRun): Promise<ProofResult> {
  const { timing } = run.proof;
  const startedAt = new Date(await run.durable.step(`${run.name}: start`, () => begin(run)));
  let at = plusSeconds(startedAt, timing.settleSeconds);
  let agreeing = 0;
  for (let attempt = 1; ; attempt += 1) {
    if (await run.durable.receive('operator', at)) throw stoppedByOperator();
    const seen = await run.durable.step(`${run.name}: attempt ${attempt}`, () =>
      look(run, startedAt, attempt, agreeing),
    );
    const { status, fact, remedy, again } = seen;
    agreeing = seen.agreeing;
    if (status === 'failed' && run.proof.disproof !== 'keep') {
      throw new RunError({ code: 'proof-failed', message: fact, next: remedy });
    }
    if (status === 'proven' || status === 'unknown' || status === 'failed') return { status, fact, remedy };
    at = new Date(again);
  }
}

/** What one look came to, as the engine stores it. */
type Look = {
  readonly status: ProofProgress['status'];
  readonly agreeing: number;
  readonly fact: string;
  readonly remedy: string;
  /** ISO time of the next look. */
  readonly again: string;
};

async function begin(run: ProofRun): Promise<string> {
  const startedAt = run.clock.now();
  const status = run.proof.timing.settleSeconds > 0 ? 'settling' : 'proving';
  await run.report(progress(run, startedAt, { status, attempts: 0, agreeing: 0, lastFact: '' }));
  return startedAt.toISOString();
}

async function look(run: ProofRun, startedAt: Date, attempt: number, before: number): Promise<Look> {
  const { timing } = run.proof;
  const finding = await run.look();
  const agreeing = finding.status === 'pass' || finding.status === 'warn' ? before + 1 : 0;
  const again = plusSeconds(run.clock.now(), timing.everySeconds);
  // Passes that agree so far may finish their row: time may have jumped over the deadline between two looks.
  const over = agreeing === 0 && again > plusSeconds(startedAt, timing.deadlineSeconds);
  const status = verdict(finding, agreeing >= timing.agreeing, over);
  await run.report(progress(run, startedAt, { status, attempts: attempt, agreeing, lastFact: finding.fact }));
  return { status, agreeing, fact: finding.fact, remedy: finding.remedy, again: again.toISOString() };
}

function verdict(finding: Finding, proven: boolean, over: boolean): ProofProgress['status'] {
  if (proven) return 'proven';
  if (!over) return 'proving';
  return finding.status === 'fail' ? 'failed' : 'unknown';
}

function progress(
  run: ProofRun,
  startedAt: Date,
  now: Pick<ProofProgress, 'status' | 'attempts' | 'agreeing' | 'lastFact'>,
): ProofProgress {
  const { timing, title } = run.proof;
  return {
    title,
    settlesAt: plusSeconds(startedAt, timing.settleSeconds).toISOString(),
    deadline: plusSeconds(startedAt, timing.deadlineSeconds).toISOString(),
    needed: timing.agreeing,
    ...now,
  };
}

function stoppedByOperator(): RunError {
  return new RunError({
    code: 'stopped',
    message: 'A person asked the run to stop.',
    next: 'Make a new request when ready.',
  });
}
