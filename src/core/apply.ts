import type { Change } from './change.ts';
import { type Clock, plusSeconds } from './clock.ts';
import { DriftError, OpsError, ReadBackError, ThrottledError, UnknownOutcomeError } from './errors.ts';
import { digestOf } from './json.ts';
import { isAfter, isBefore, isBeforeOrAfter, type ObjectState, type Step } from './step.ts';

/** Exchange may take minutes until a read shows a write (404 after create); after this the write counts as failed. */
const readBackSeconds = 300;
const readBackEverySeconds = 5;
/** Exchange also refuses what it has already done, for instance before a crash that we forgot. */
const readBackAfterRefusalSeconds = 60;
const maximumTries = 6;
const longestPauseSeconds = 60;
const longestAskedSeconds = 600;

/** Product time and the outside: what a write needs. */
export interface WriteWorld {
  readonly clock: Clock;
}

/**
 * Carries out one approved change: read, compare, write, read back.
 * Safe to repeat: an object that already is as wanted is left alone, and a write of unknown outcome is read back
 * before it is sent again. Throws `DriftError` when the object is neither as it was planned from nor as wanted.
 * `recent` is the same world, in which a read of a moment ago in this process may stand for the first read; reading back
 * never uses it.
 */
export async function applyChange<Args, World extends WriteWorld>(
  step: Step<Args, World>,
  args: Args,
  planned: Change,
  world: World,
  recent: World = world,
): Promise<void> {
  if (!planned.call) return;
  const { call } = planned;
  await settleWrite(world, planned, {
    first: () => retried(world, () => step.read(recent, args)),
    read: () => retried(world, () => step.read(world, args)),
    write: () => step.write(world, call),
    reached: (current) => isAfter(planned, current),
    ours: (current) => isBeforeOrAfter(planned, current),
    doubtful: false,
  });
}

/**
 * Takes one change back the same careful way. Throws `DriftError` when somebody changed the object since.
 * `doubt`: the change was sent and never seen as planned, so it is taken back even where it does not show, and also
 * where Exchange made something else of it.
 */
export async function revertChange<Args, World extends WriteWorld>(
  step: Step<Args, World>,
  args: Args,
  done: Change,
  world: World,
  doubt: Doubt | null = null,
): Promise<void> {
  const { inverse } = done;
  if (!inverse) throw drift(done, `it cannot be undone: ${done.irreversible ?? 'no inverse is known'}`);
  const read = () => retried(world, () => step.read(world, args));
  await settleWrite(world, done, {
    first: read,
    read,
    write: () => step.restore(world, inverse),
    reached: (current) => isBefore(done, current),
    ours: (current) => isBeforeOrAfter(done, current) || digestOf(current) === doubt?.seen,
    doubtful: doubt !== null,
  });
}

/** What is known of a write that never read back as planned. */
export interface Doubt {
  /** Digest of the object as it was last seen, if it was. */
  readonly seen: string | null;
}

interface CarefulWrite {
  /** The object before the first write. */
  first(): Promise<ObjectState | null>;
  /** The object as it is now. */
  read(): Promise<ObjectState | null>;
  write(): Promise<void>;
  reached(current: ObjectState | null): boolean;
  /** Whether nobody else has changed the object. */
  ours(current: ObjectState | null): boolean;
  /** Whether the write is sent once even if the object already shows its result. */
  readonly doubtful: boolean;
}

async function settleWrite(world: WriteWorld, change: Change, careful: CarefulWrite): Promise<void> {
  let current = await careful.first();
  for (let attempt = 1; ; attempt += 1) {
    if (careful.reached(current) && !(careful.doubtful && attempt === 1)) return;
    if (!careful.ours(current)) throw drift(change, 'somebody changed it meanwhile');
    const outcome = await attemptWrite(careful);
    const back = await readBack(world, careful, patienceAfter(outcome)).catch((error: unknown) => {
      throw sent(outcome) ? unseen(change, error) : error;
    });
    if (back.reached) return;
    if (outcome.kind === 'written') throw notReadBack(change, back.current);
    if (outcome.kind === 'failed' || attempt >= maximumTries) throw outcome.error;
    await pause(world, attempt, outcome.error);
    current = await careful.read();
  }
}

type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'unknown' | 'later' | 'failed'; readonly error: OpsError };

async function attemptWrite(careful: CarefulWrite): Promise<WriteOutcome> {
  try {
    await careful.write();
    return { kind: 'written' };
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    if (error.code === 'unknown-outcome') return { kind: 'unknown', error };
    return { kind: isTransient(error) ? 'later' : 'failed', error };
  }
}

function sent({ kind }: WriteOutcome): boolean {
  return kind === 'written' || kind === 'unknown';
}

/** The way to the tenant was lost between a write and its reading back: nobody has seen what became of it. */
function unseen(change: Change, error: unknown): unknown {
  if (!(error instanceof OpsError) || error.code === 'store-unavailable') return error;
  const what = `${change.object.kind} ${change.object.identity}`;
  return new UnknownOutcomeError(`${change.step} was sent, but ${what} could not be read back. ${error.message}`, {
    operation: change.step,
    next: error.next,
    cause: error,
  });
}

function patienceAfter(outcome: WriteOutcome): number {
  if (outcome.kind === 'written' || outcome.kind === 'unknown') return readBackSeconds;
  return outcome.error.code === 'rejected' ? readBackAfterRefusalSeconds : 0;
}

/** Reads until the object is as wanted or patience ends; without patience nothing is read. */
async function readBack(
  world: WriteWorld,
  careful: CarefulWrite,
  patienceSeconds: number,
): Promise<{ readonly reached: boolean; readonly current: ObjectState | null }> {
  if (patienceSeconds === 0) return { reached: false, current: null };
  const until = plusSeconds(world.clock.now(), patienceSeconds);
  for (;;) {
    const current = await careful.read();
    const reached = careful.reached(current);
    if (reached || world.clock.now() >= until) return { reached, current };
    await world.clock.until(plusSeconds(world.clock.now(), readBackEverySeconds));
  }
}

/** Repeats a read while the service says "later", with growing pauses; its last error is thrown. */
export async function retried<Result>(world: WriteWorld, read: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isTransient(error) || attempt >= maximumTries) throw error;
      await pause(world, attempt, error);
    }
  }
}

function isTransient(error: unknown): error is OpsError {
  return error instanceof OpsError && (error.code === 'throttled' || error.code === 'unavailable');
}

async function pause(world: WriteWorld, attempt: number, error: unknown): Promise<void> {
  const asked = error instanceof ThrottledError ? error.retryAfterSeconds : null;
  // For so long a run stands still where people see it, rather than inside one step.
  if (asked !== null && asked > longestAskedSeconds) throw error;
  const seconds = asked ?? Math.min(longestPauseSeconds, 2 ** attempt);
  await world.clock.until(plusSeconds(world.clock.now(), seconds));
}

function drift(change: Change, why: string): DriftError {
  return new DriftError(`${change.object.kind} ${change.object.identity} is not as the plan left it: ${why}.`, {
    operation: change.step,
    next: 'Look at the object in the admin centre, then make a new request.',
  });
}

function notReadBack(change: Change, current: ObjectState | null): ReadBackError {
  const what = `${change.object.kind} ${change.object.identity}`;
  return new ReadBackError(`Exchange accepted ${change.step}, but ${what} does not read back as planned.`, {
    operation: change.step,
    next: 'An administrator of the tenant should look at the object; the run takes back what it did.',
    seen: digestOf(current),
  });
}
