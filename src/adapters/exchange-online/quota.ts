import type { Clock } from '../../core/clock.ts';
import { ThrottledError } from '../../core/errors.ts';
import type { Allowance } from './cmdlets/cmdlet-entry.ts';

/**
 * The calls of one cmdlet in one tenant, kept within what Microsoft allows. One too many is refused and not waited for:
 * it would keep other reads of the tenant, those of an unlock too, from going out meanwhile.
 */
export class Quota {
  readonly #clock: Clock;
  readonly #allowance: Allowance;
  /** When the last calls went, the oldest first. */
  #taken: Date[] = [];

  constructor(clock: Clock, allowance: Allowance) {
    this.#clock = clock;
    this.#allowance = allowance;
  }

  /** Counts one more call; throws ThrottledError when Microsoft would not take it now. */
  take(operation: string): void {
    const { calls, seconds } = this.#allowance;
    const now = this.#clock.now();
    const oldest = this.#taken.at(-calls);
    const wait = oldest === undefined ? 0 : seconds - (now.getTime() - oldest.getTime()) / 1000;
    if (wait > 0) throw this.#tooOften(operation, Math.ceil(wait));
    this.#taken = [...this.#taken, now].slice(-calls);
  }

  #tooOften(operation: string, retryAfterSeconds: number): ThrottledError {
    const { calls, seconds } = this.#allowance;
    const message = `Microsoft allows this ${calls} times in ${seconds / 60} minutes and tenant, and we have asked so often; nothing was sent.`;
    return new ThrottledError(message, {
      operation,
      next: `Ask again in ${retryAfterSeconds} seconds.`,
      retryAfterSeconds,
    });
  }
}
