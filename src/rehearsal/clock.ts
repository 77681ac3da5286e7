/**
 * The rehearsal's virtual clock: runs `speed` times faster than real time and can be advanced by hand.
 * Everything in the simulated cloud that waits, expires or propagates asks this clock.
 */
export class VirtualClock {
  #speed: number;
  #virtualBase: number;
  #realBase: number;
  readonly #listeners = new Set<() => void>();

  constructor(speed: number, start: number = Date.now()) {
    this.#speed = speed;
    this.#virtualBase = start;
    this.#realBase = performance.now();
  }

  get speed(): number {
    return this.#speed;
  }

  /** Virtual time, milliseconds since the epoch. */
  now(): number {
    return this.#virtualBase + (performance.now() - this.#realBase) * this.#speed;
  }

  /** Moves virtual time forward at once. */
  advance(milliseconds: number): void {
    this.#rebase(this.now() + milliseconds, this.#speed);
  }

  setSpeed(speed: number): void {
    this.#rebase(this.now(), speed);
  }

  /** Calls `listener` after every jump or change of speed; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when virtual time has reached `at` (milliseconds since the epoch), also when a jump passes it. */
  async until(at: number, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const left = (at - this.now()) / this.#speed;
      if (left <= 0) return;
      await this.#realWait(Math.min(left, 2 ** 30), signal);
    }
  }

  #rebase(virtual: number, speed: number): void {
    this.#virtualBase = virtual;
    this.#realBase = performance.now();
    this.#speed = speed;
    for (const listener of this.#listeners) listener();
  }

  #realWait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stop();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      const stop = this.onChange(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
