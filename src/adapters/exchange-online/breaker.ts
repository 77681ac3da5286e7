import { type Clock, plusSeconds } from '../../core/clock.ts';
import { UnavailableError } from '../../core/errors.ts';

const MOST_FAILURES = 5;
const SHORTEST_PAUSE = 30;
const LONGEST_PAUSE = 300;

/**
 * Stops calling a tenant that does not answer: after five failures in a row nothing is sent for 30 seconds, then one
 * call may try; each time that it fails the pause doubles, up to five minutes.
 */
export class Breaker {
  readonly #clock: Clock;
  #failures = 0;
  #pauseSeconds = SHORTEST_PAUSE;
  #openUntil: Date | null = null;
  #isTrying = false;
  #lastFailure = '';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws UnavailableError while nothing may be sent. Whoever gets through reports success or failure. */
  enter(operation: string): void {
    if (this.#openUntil === null) return;
    if (this.#clock.now() >= this.#openUntil && !this.#isTrying) {
      this.#isTrying = true;
      return;
    }
    throw new UnavailableError(`This tenant failed ${this.#failures} times in a row: ${this.#lastFailure}`, {
      operation,
      next: `Nothing was sent. It is tried again from ${this.#openUntil.toISOString().slice(11, 16)} UTC on.`,
    });
  }

  success(): void {
    this.#failures = 0;
    this.#pauseSeconds = SHORTEST_PAUSE;
    this.#openUntil = null;
    this.#isTrying = false;
  }

  failure(message: string): void {
    this.#failures += 1;
    this.#lastFailure = message;
    if (this.#failures < MOST_FAILURES) return;
    if (this.#isTrying) this.#pauseSeconds = Math.min(LONGEST_PAUSE, this.#pauseSeconds * 2);
    this.#openUntil = plusSeconds(this.#clock.now(), this.#pauseSeconds);
    this.#isTrying = false;
  }

  /** The call was called off, so it says nothing about the tenant. */
  undecided(): void {
    this.#isTrying = false;
  }
}
