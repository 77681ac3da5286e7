/** Real seconds. What was asked for longer ago is asked again before anything is decided on it or written. */
const RECENT_SECONDS = 5;
/** Real milliseconds after which nobody can want an answer any more, not even a plan that takes long to make. */
const KEPT = 60_000;

interface Kept {
  readonly question: string;
  /** Real milliseconds; the answer may be younger, never older. */
  readonly askedAt: number;
  readonly answer: Promise<unknown>;
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

  /** The answer to a question that was asked at `since` or later, perhaps still on its way. */
  known<Answer>(question: string, since: number): Promise<Answer> | undefined {
    const kept = this.#kept.get(question);
    return kept && kept.askedAt >= since ? (kept.answer as Promise<Answer>) : undefined;
  }

  /** Which of the questions was asked last, as far as is known. */
  newest(...questions: readonly string[]): string | undefined {
    const kept = questions.flatMap((question) => this.#kept.get(question) ?? []);
    return kept.toSorted((a, b) => b.askedAt - a.askedAt)[0]?.question;
  }

  /** The same, or else the question is asked now and its answer kept, unless it fails. */
  answer<Answer>(question: string, since: number, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.known<Answer>(question, since);
    if (known) return known;
    const kept: Kept = { question, askedAt: this.now, answer: ask() };
    const drop = (): void => {
      if (this.#kept.get(question) === kept) this.#kept.delete(question);
    };
    kept.answer.catch(drop);
    setTimeout(drop, KEPT).unref();
    this.#kept.set(question, kept);
    return kept.answer as Promise<Answer>;
  }

  /** Also answers that are still on their way are not kept: nobody knows whether they saw the write. */
  forget(): void {
    this.#kept.clear();
  }
}
