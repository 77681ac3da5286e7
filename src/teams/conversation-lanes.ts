import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { ThrottledError } from '../core/errors.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import { type Limit, SlidingWindows } from './sliding-windows.ts';

/** What Teams lets one bot send into one conversation, and to one tenant in all. */
const CONVERSATION: readonly Limit[] = [
  { count: 7, withinMs: 1000 },
  { count: 8, withinMs: 2000 },
  { count: 60, withinMs: 30_000 },
  { count: 1800, withinMs: 3_600_000 },
];
const APP: readonly Limit[] = [{ count: 30, withinMs: 1000 }];
/** The part of it that notices and edits use, so that a person who asks something hardly ever has to wait. */
const NOTICES: readonly Limit[] = [
  { count: 5, withinMs: 1000 },
  { count: 6, withinMs: 2000 },
  { count: 50, withinMs: 30_000 },
  { count: 1700, withinMs: 3_600_000 },
];
const APP_NOTICES: readonly Limit[] = [{ count: 25, withinMs: 1000 }];

const HOUR_MS = 3_600_000;
const MANY_LANES = 2000;

/** An answer to a person goes before everything else; notices keep their order among themselves. */
export type Urgency = 'answer' | 'notice';

/** The longest wait for room, and for Teams to take what it refused for a moment; what would wait longer is given back. */
export const patienceMs: Readonly<Record<Urgency, number>> = { answer: 30_000, notice: 5000 };

/**
 * A notice that has not begun to be sent by then, behind sends that hang, is given back. In real time, as the database
 * counts that ends the transaction of whoever sends it: this and one more send are shorter than that.
 */
const LONGEST_IN_LINE_MS = 20_000;

/** Time as Teams measures it; a test puts its own in. */
export interface Time {
  now(): number;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The product's time: a rehearsal that runs fast has faster limits, too. */
export function timeOf(clock: Clock): Time {
  return {
    now: () => clock.now().getTime(),
    sleep: (milliseconds, signal) =>
      clock.until(new Date(clock.now().getTime() + milliseconds), signal).catch(() => undefined),
  };
}

const realTime: Time = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** One thing to send. */
export interface Work<Result> {
  readonly urgency: Urgency;
  readonly send: () => Promise<Result>;
  /** Milliseconds after which a failed send is tried again in its place, or null to give it back. Default: never. */
  readonly again?: (error: unknown, attempt: number) => number | null;
}

interface Job {
  readonly urgency: Urgency;
  /** Sends once; gives the milliseconds after which it must be sent again, or null when it is settled. */
  readonly attempt: () => Promise<number | null>;
  readonly giveUp: (error: ThrottledError) => void;
  /** It is being sent right now. */
  isUnderWay: boolean;
  /** It has stood in line for so long that no attempt may begin any more. */
  isLate: boolean;
}

interface Lane {
  readonly answers: Job[];
  readonly notices: Job[];
  readonly windows: SlidingWindows;
  /** Teams asked for silence until then. */
  silentUntil: number;
  working: boolean;
  /** Ends the wait of a notice, because an answer has come. */
  wake: () => void;
}

/** Sends one at a time per conversation (Teams answers 412 to two at once) and never faster than Teams allows. */
export class ConversationLanes {
  readonly #time: Time;
  readonly #lanes = new Map<string, Lane>();
  readonly #app = new SlidingWindows(1000);
  readonly #longestInLineMs: number;

  constructor(time: Time = realTime, longestInLineMs = LONGEST_IN_LINE_MS) {
    this.#time = time;
    this.#longestInLineMs = longestInLineMs;
  }

  /** Sends when it is the work's turn and there is room. Rejects with `ThrottledError` when that would take long. */
  run<Result>(conversation: string, work: Work<Result>): Promise<Result> {
    const lane = this.#laneOf(conversation);
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const job: Job = {
      urgency: work.urgency,
      attempt: attempts(work, resolve, reject),
      giveUp: reject,
      isUnderWay: false,
      isLate: false,
    };
    queueOf(lane, job).push(job);
    if (work.urgency === 'answer') lane.wake();
    void this.#work(lane);
    return work.urgency === 'answer' ? promise : this.#inTime(lane, job, promise);
  }

  /** A notice whose turn, or whose next attempt, does not come in time leaves the line. */
  async #inTime<Result>(lane: Lane, job: Job, sent: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => {
      job.isLate = true;
      if (!job.isUnderWay) giveBack(lane, job);
    }, this.#longestInLineMs);
    return sent.finally(() => clearTimeout(timer));
  }

  async #work(lane: Lane): Promise<void> {
    if (lane.working) return;
    lane.working = true;
    for (let job = nextOf(lane); job; job = nextOf(lane)) {
      const pause = this.#pause(lane, job.urgency);
      if (pause === 0) await this.#attempt(lane, job);
      else if (pause > patienceMs[job.urgency]) {
        leave(lane, job);
        job.giveUp(noRoom(pause));
      } else await this.#sleep(lane, pause);
    }
    lane.working = false;
  }

  async #attempt(lane: Lane, job: Job): Promise<void> {
    const ends = [lane.windows.begin(), this.#app.begin()];
    job.isUnderWay = true;
    const again = await job.attempt();
    job.isUnderWay = false;
    const now = this.#time.now();
    for (const end of ends) end(now);
    if (again === null) leave(lane, job);
    else if (job.isLate) giveBack(lane, job);
    // A failed send keeps its place, so that nothing overtakes it.
    else lane.silentUntil = Math.max(lane.silentUntil, now + again);
  }

  #pause(lane: Lane, urgency: Urgency): number {
    const now = this.#time.now();
    const [own, app] = urgency === 'answer' ? [CONVERSATION, APP] : [NOTICES, APP_NOTICES];
    return Math.max(lane.silentUntil - now, lane.windows.pause(now, own), this.#app.pause(now, app), 0);
  }

  async #sleep(lane: Lane, milliseconds: number): Promise<void> {
    const woken = new AbortController();
    lane.wake = () => woken.abort();
    await this.#time.sleep(milliseconds, woken.signal);
    lane.wake = () => undefined;
  }

  /** Teams asked for silence in a conversation: nothing is sent there before it is over. */
  silence(conversation: string, milliseconds: number): void {
    const lane = this.#laneOf(conversation);
    lane.silentUntil = Math.max(lane.silentUntil, this.#time.now() + milliseconds);
  }

  #laneOf(conversation: string): Lane {
    // Teams counts for a channel as a whole, whatever the thread.
    const key = wholeConversation(conversation);
    const known = this.#lanes.get(key);
    if (known) return known;
    if (this.#lanes.size >= MANY_LANES) this.#dropIdle();
    const lane: Lane = {
      answers: [],
      notices: [],
      windows: new SlidingWindows(HOUR_MS),
      silentUntil: 0,
      working: false,
      wake: () => undefined,
    };
    this.#lanes.set(key, lane);
    return lane;
  }

  #dropIdle(): void {
    const now = this.#time.now();
    for (const [key, lane] of this.#lanes) {
      const remembers = lane.windows.pause(now, [{ count: 1, withinMs: HOUR_MS }]) > 0;
      if (!lane.working && !remembers && lane.silentUntil <= now) this.#lanes.delete(key);
    }
  }
}

function nextOf({ answers, notices }: Lane): Job | undefined {
  return answers[0] ?? notices[0];
}

function queueOf({ answers, notices }: Lane, { urgency }: Job): Job[] {
  return urgency === 'answer' ? answers : notices;
}

function leave(lane: Lane, job: Job): void {
  const queue = queueOf(lane, job);
  const at = queue.indexOf(job);
  if (at >= 0) queue.splice(at, 1);
}

function giveBack(lane: Lane, job: Job): void {
  leave(lane, job);
  job.giveUp(notYet());
}

function attempts<Result>(
  { send, again = () => null }: Work<Result>,
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
): Job['attempt'] {
  let attempt = 0;
  return async () => {
    attempt += 1;
    try {
      resolve(await send());
      return null;
    } catch (error) {
      const pause = again(error, attempt);
      if (pause === null) reject(error);
      return pause;
    }
  };
}

function noRoom(pause: number): ThrottledError {
  return new ThrottledError('The conversation got as many messages as Teams allows.', {
    operation: 'Post a message',
    next: 'Nothing to do: it is sent again when there is room.',
    retryAfterSeconds: Math.ceil(pause / 1000),
  });
}

function notYet(): ThrottledError {
  return new ThrottledError('What was sent there before is not through yet, so this was not sent.', {
    operation: 'Post a message',
    next: 'Nothing to do: it is sent again in a moment.',
    retryAfterSeconds: null,
  });
}
