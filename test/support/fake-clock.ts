import type { Clock } from '../../src/core/clock.ts';

/** Time that stands still until it is moved. Waiting for a moment makes that moment come, unless `manual`. */
export class FakeClock implements Clock {
  #now: number;
  readonly #manual: boolean;
  readonly #waiting = new Set<() => void>();

  constructor(start = '2026-11-21T09:00:00.000Z', manual = false) {
    this.#now = Date.parse(start);
    this.#manual = manual;
  }

  now(): Date {
    return new Date(this.#now);
  }

  advance(seconds: number): void {
    this.#now += seconds * 1000;
    for (const wake of this.#waiting) wake();
  }

  async until(at: Date, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!this.#manual) this.#now = Math.max(this.#now, at.getTime());
    if (this.#now >= at.getTime()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const wake = () => this.#now >= at.getTime() && resolve();
    const stop = () => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    this.#waiting.add(wake);
    signal?.addEventListener('abort', stop);
    await promise.finally(() => {
      this.#waiting.delete(wake);
      signal?.removeEventListener('abort', stop);
    });
  }
}
