/**
 * The answer, or the reason of the signal as soon as it aborts, for work that does not listen to it. The work goes on.
 */
export function orAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * One read for several callers. It is begun at once, with a signal of its own: whoever gives up leaves with the reason
 * of their own signal and takes the answer from nobody else. Once everybody who waited has left, it is called off.
 */
export class SharedRead<Answer> {
  readonly #answer: Promise<Answer>;
  readonly #callingOff = new AbortController();
  #waiting = 0;
  #isSettled = false;

  /** `ask` throws what each caller is then thrown; its signal aborts when nobody waits any more. */
  constructor(ask: (signal: AbortSignal) => Promise<Answer>) {
    this.#answer = ask(this.#callingOff.signal);
    const settled = (): void => {
      this.#isSettled = true;
    };
    this.#answer.then(settled, settled);
  }

  /** Whether everybody had left before there was an answer: whoever comes now has to ask anew. */
  get isCalledOff(): boolean {
    return this.#callingOff.signal.aborted;
  }

  /** Calls back when the read fails, also when it was called off. */
  onFailure(tell: () => void): void {
    this.#answer.catch(tell);
  }

  /** The answer for one caller. Throws what the read throws, or the reason of this caller's signal. */
  async answerFor(signal: AbortSignal | undefined): Promise<Answer> {
    signal?.throwIfAborted();
    this.#waiting += 1;
    try {
      return await orAborted(this.#answer, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#isSettled) this.#callingOff.abort();
    }
  }
}
