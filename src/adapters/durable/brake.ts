import { setTimeout as pause } from 'node:timers/promises';

/** Holds the runs of this process where they are, so that none takes a stop of the process for a failure of its own. */
export class Brake {
  #pulled = false;
  #inHand = 0;

  get pulled(): boolean {
    return this.#pulled;
  }

  /** Counts `work` as in hand until it ends. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#inHand += 1;
    try {
      return await work();
    } finally {
      this.#inHand -= 1;
    }
  }

  /** No further step begins. Gives steps in hand the time to end and to be stored. */
  async pull(graceMs: number): Promise<void> {
    this.#pulled = true;
    const deadline = Date.now() + graceMs;
    while (this.#inHand > 0 && Date.now() < deadline) await pause(20);
  }
}
