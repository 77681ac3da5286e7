import { SharedRead } from '../../core/shared-read.ts';

/** Real seconds. What was asked for longer ago is asked again before anything is decided on it or written. */
const RECENT_SECONDS = 5;
/** Real milliseconds after which nobody can want an answer any more, not even a plan that takes long to make. */
const KEPT = 60_000;

interface Kept {
  readonly question: string;
  /** Real milliseconds; the answer may be younger, never older. */
  readonly askedAt: number;
  readonly read: SharedRead<unknown>;
}

/**
 * What this process asked about one tenant a moment ago, so that the parts of one request that follow each other at
 * once need not ask twice. Its own real time, because the product's time can jump; empty after every write.
 */
export class RecentReads {
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Real milliseconds now, to say how old an answer may be. */
  get now(): number {
    return this.#now();
  }

  /** The moment since which an answer counts as recent. */
  get recently(): number {
    return this.now - RECENT_SECONDS * 1000;
  }

  /** Whether a question was asked at `since` or later; its answer may still be on its way. */
  isKnown(question: string, since: number): boolean {
    return this.#known(question, since) !== undefined;
  }

  /** Which of the questions was asked last, as far as is known. */
  newest(...questions: readonly string[]): string | undefined {
    const kept = questions.flatMap((question) => this.#kept.get(question) ?? []);
    return kept.toSorted((a, b) => b.askedAt - a.askedAt)[0]?.question;
  }

  /**
   * The answer to a question that was asked at `since` or later, or else it is asked now and its answer kept, unless it
   * fails. The signal is the caller's alone; that of `ask` aborts when nobody waits for the answer any more.
   */
  answer<Answer>(
    question: string,
    since: number,
    ask: (signal: AbortSignal) => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const known = this.#known(question, since) as SharedRead<Answer> | undefined;
    if (known) return known.answerFor(signal);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const askedAt = this.now;
    const read = new SharedRead(ask);
    const kept: Kept = { question, askedAt, read };
    const drop = (): void => {
      if (this.#kept.get(question) === kept) this.#kept.delete(question);
    };
    read.onFailure(drop);
    setTimeout(drop, KEPT).unref();
    this.#kept.set(question, kept);
    return read.answerFor(signal);
  }

  #known(question: string, since: number): SharedRead<unknown> | undefined {
    const kept = this.#kept.get(question);
    return kept && kept.askedAt >= since && !kept.read.isCalledOff ? kept.read : undefined;
  }

  /** Also answers that are still on their way are not kept: nobody knows whether they saw the write. */
  forget(): void {
    this.#kept.clear();
  }
}
