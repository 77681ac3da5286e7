import { type Clock, plusSeconds } from '../../core/clock.ts';
import { ThrottledError } from '../../core/errors.ts';
import type { Allowance } from './cmdlets/cmdlet-entry.ts';

/** Seconds. Whoever would have to wait longer is told instead. */
const LONGEST_WAIT = 60;

/** The calls of one cmdlet in one tenant, kept within what Microsoft allows: the next one waits or is not sent. */
export class Quota {
  readonly #clock: Clock;
  readonly #allowance: Allowance;
  /** When the last calls went or may go, the oldest first. */
  #turns: Date[] = [];

  constructor(clock: Clock, allowance: Allowance) {
    this.#clock = clock;
    this.#allowance = allowance;
  }

  /** Waits until one more call is allowed; throws ThrottledError when that is far away. */
  async turn(operation: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const { calls, seconds } = this.#allowance;
    const now = this.#clock.now();
    const from = this.#turns.at(-calls);
    const next = from === undefined ? now : plusSeconds(from, seconds);
    const wait = (next.getTime() - now.getTime()) / 1000;
    if (wait > LONGEST_WAIT) throw this.#tooOften(operation, wait);
    this.#turns = [...this.#turns, wait > 0 ? next : now].slice(-calls);
    if (wait > 0) await this.#clock.until(next, signal);
  }

  #tooOften(operation: string, wait: number): ThrottledError {
    const { calls, seconds } = this.#allowance;
    const message = `Microsoft allows this ${calls} times in ${seconds / 60} minutes and tenant, and we have asked so often; nothing was sent.`;
    return new ThrottledError(message, {
      operation,
      next: `Ask again in ${Math.ceil(wait)} seconds.`,
      retryAfterSeconds: Math.ceil(wait),
    });
  }
}
