import type { Finding } from './check.ts';
import { type Clock, plusSeconds } from './clock.ts';
import type { DurableRun } from './durable.ts';
import type { Json } from './json.ts';
import { type Look, verdictOf } from './proof-verdict.ts';
import { type RecordedError, RunError } from './recorded.ts';
import type { ProofProgress, ProvisioningRequest } from './request.ts';
import { stopLetter } from './transitions/letter.ts';
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
  /** Which of the plan's proofs it is, from 0. Part of the stored steps' names. */
  readonly index: number;
  readonly proof: Pick<Proof<never, never>, 'title' | 'timing' | 'disproof' | 'onUnknown'>;
  look(attempt: number): Promise<Finding>;
  report(progress: ProofProgress): Promise<void>;
  /** The request as it is now: its deadline moves when the run stands still, and people hold changes. */
  request(): Promise<ProvisioningRequest | null>;
  /** Tells people that the changes will be taken back at this time unless somebody holds them. */
  announce(at: Date, fact: string): Promise<void>;
  /** Begins to take back; false when somebody was quicker and holds the changes. */
  takeBack(): Promise<boolean>;
  /** Stands still as long as the request says so. Why the run has to end, or null. */
  heed(name: string): Promise<RecordedError | null>;
}

/**
 * Lets a change settle, then looks until enough answers in a row agree or the deadline has passed.
 * Proven: enough passes. Still failing at the deadline: a `RunError`, so that the run takes its changes back, or
 * `failed` when the proof says that they stay.
 * Only unclear answers at the deadline: `unknown`, which is neither success nor failure and undoes nothing, unless the
 * proof says `undo-unless-held`. Then people are told, and it is looked on for a grace of 15 minutes; after that the
 * changes are taken back (a `RunError` with code `proof-missing`), or they stay for up to a day while somebody holds
 * them.
 *
 * The word "stop" on the topic `operator` ends the wait and the run; any other letter makes it look at its request.
 * While the run stands still nobody looks, and the deadline, like the time of the taking back, moves by as long as it
 * stood still. The settling time does not move: the tenant goes on settling.
 */
export async function awaitProof(run: ProofRun): Promise<ProofResult> {
  const name = `proof ${run.index}`;
  const startedAt = new Date(await run.durable.step(`${name}: start`, () => begin(run)));
  let at = plusSeconds(startedAt, run.proof.timing.settleSeconds);
  let agreeing = 0;
  let attempt = 1;
  for (let heard = 1; ; ) {
    const letter = await run.durable.receive('operator', at);
    if (letter !== null) {
      await heedLetter(run, letter, `${name}: heed ${heard}`);
      heard += 1;
      continue;
    }
    const seen = await run.durable.step(`${name}: attempt ${attempt}`, () => look(run, startedAt, attempt, agreeing));
    const { status, fact, remedy } = seen;
    if (status === 'failed' && run.proof.disproof !== 'keep') throw ended('proof-failed', fact, remedy);
    if (status === 'taken-back') throw ended('proof-missing', fact, remedy);
    if (status === 'proven' || status === 'unknown' || status === 'failed') return { status, fact, remedy };
    agreeing = seen.agreeing;
    at = new Date(seen.again);
    attempt += 1;
  }
}

async function heedLetter(run: ProofRun, letter: Json, name: string): Promise<void> {
  if (letter === stopLetter) throw stoppedByOperator();
  const end = await run.heed(name);
  if (end) throw new RunError(end);
}

async function begin(run: ProofRun): Promise<string> {
  const startedAt = run.clock.now();
  const status = run.proof.timing.settleSeconds > 0 ? 'settling' : 'proving';
  const deadline = plusSeconds(startedAt, run.proof.timing.deadlineSeconds);
  await run.report(progress(run, startedAt, deadline, { status, attempts: 0, agreeing: 0, lastFact: '' }));
  return startedAt.toISOString();
}

async function look(run: ProofRun, startedAt: Date, attempt: number, before: number): Promise<Look> {
  const finding = await run.look(attempt);
  const agreeing = finding.status === 'pass' || finding.status === 'warn' ? before + 1 : 0;
  const request = await run.request();
  const stored = request?.proofs[run.index]?.deadline;
  const deadline = stored === undefined ? plusSeconds(startedAt, run.proof.timing.deadlineSeconds) : new Date(stored);
  const takeBack = request?.takeBack?.proof === run.index ? request.takeBack : null;
  const seen = await verdictOf(run, { finding, agreeing, deadline, takeBack });
  // The taking back shows on the request by itself, and must find it as it was if this is done again after a crash.
  if (seen.status !== 'taken-back') {
    const { status } = seen;
    const lastFact = finding.fact;
    await run.report(progress(run, startedAt, deadline, { status, attempts: attempt, agreeing, lastFact }));
  }
  return seen;
}

function progress(
  run: ProofRun,
  startedAt: Date,
  deadline: Date,
  now: Pick<ProofProgress, 'status' | 'attempts' | 'agreeing' | 'lastFact'>,
): ProofProgress {
  const { timing, title } = run.proof;
  return {
    title,
    settlesAt: plusSeconds(startedAt, timing.settleSeconds).toISOString(),
    deadline: deadline.toISOString(),
    needed: timing.agreeing,
    ...now,
  };
}

function ended(code: string, message: string, next: string): RunError {
  return new RunError({ code, message, next });
}

function stoppedByOperator(): RunError {
  return ended('stopped', 'A person asked the run to stop.', 'Make a new request when ready.');
}
