import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod/v4';
import type { Clock } from '../../core/clock.ts';
import { eventData } from './event-stream.ts';

const RECONNECT_AFTER = 250;
const LONGEST_PAUSE = 2 ** 30;
/** Virtual milliseconds: what a report may be late by. Time does not run backwards for that. */
const LATENESS = 5000;

const Reading = z.object({ nowMs: z.number(), speed: z.number().positive() });
type Reading = z.infer<typeof Reading>;

/** The rehearsal's virtual time, followed from its control address. */
export interface RehearsalClock extends Clock, AsyncDisposable {
  /** Virtual seconds per real second, as last reported. */
  readonly speed: number;
}

/** Milliseconds. Long, because a process that is still loading notices an answer late. */
const PATIENCE = 60_000;

/** Follows the clock of the rehearsal at this address until it is disposed of. */
export async function connectRehearsalClock(url: string): Promise<RehearsalClock> {
  const response = await fetch(`${url}/control/clock`, { signal: AbortSignal.timeout(PATIENCE) });
  return new FollowedClock(url, Reading.parse(await response.json()));
}

class FollowedClock implements RehearsalClock {
  #base: Reading;
  #readAt: number;
  readonly #waiting = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;

  constructor(url: string, first: Reading) {
    this.#base = first;
    this.#readAt = performance.now();
    this.#following = this.#follow(`${url}/control/clock/stream`);
  }

  get speed(): number {
    return this.#base.speed;
  }

  now(): Date {
    return new Date(this.#now());
  }

  async until(at: Date, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    while (this.#now() < at.getTime()) {
      const left = Math.ceil((at.getTime() - this.#now()) / this.speed);
      await this.#realPause(Math.min(left, LONGEST_PAUSE), signal);
      signal?.throwIfAborted();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  #now(): number {
    return this.#base.nowMs + (performance.now() - this.#readAt) * this.#base.speed;
  }

  #set(reading: Reading): void {
    const behind = this.#now() - reading.nowMs;
    const nowMs = behind > 0 && behind < LATENESS ? this.#now() : reading.nowMs;
    this.#base = { nowMs, speed: reading.speed };
    this.#readAt = performance.now();
    for (const wake of this.#waiting) wake();
  }

  /** Reads reports until stopped. While the rehearsal is away, time goes on at the last known speed. */
  async #follow(stream: string): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for await (const data of eventData(stream, signal)) this.#set(Reading.parse(JSON.parse(data)));
      } catch {
        // The rehearsal is away or restarting: the loop connects again.
      }
      await pause(RECONNECT_AFTER, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Ends early when time jumps or the signal fires. */
  #realPause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
