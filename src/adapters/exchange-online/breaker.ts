import { type Clock, plusSeconds } from '../../core/clock.ts';
import { UnavailableError } from '../../core/errors.ts';

const MOST_FAILURES = 5;
const SHORTEST_PAUSE = 30;
const LONGEST_PAUSE = 300;

/** One call that was let through. It is the only one that may say what became of it. */
export interface Pass {
  readonly operation: string;
}

/**
 * Stops calling a tenant that does not answer: after five failures in a row nothing is sent for 30 seconds, then one
 * call may try; each time that it fails the pause doubles, up to five minutes.
 */
export class Breaker {
  readonly #clock: Clock;
  #failures = 0;
  #pauseSeconds = SHORTEST_PAUSE;
  #openUntil: Date | null = null;
  /** The call that may try while nothing else may be sent. Calls from before are still out and answer meanwhile. */
  #trying: Pass | null = null;
  #lastFailure = '';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws UnavailableError while nothing may be sent. Whoever gets through reports with the pass what came of it. */
  enter(operation: string): Pass {
    const pass: Pass = { operation };
    if (this.#openUntil === null) return pass;
    if (this.#clock.now() >= this.#openUntil && this.#trying === null) {
      this.#trying = pass;
      return pass;
    }
    throw new UnavailableError(`This tenant failed ${this.#failures} times in a row: ${this.#lastFailure}`, {
      operation,
      next: `Nothing was sent. It is tried again from ${this.#openUntil.toISOString().slice(11, 16)} UTC on.`,
    });
  }

  /** The tenant answers, which is so whichever call has found it out. */
  success(): void {
    this.#failures = 0;
    this.#pauseSeconds = SHORTEST_PAUSE;
    this.#openUntil = null;
    this.#trying = null;
  }

  failure(pass: Pass, message: string): void {
    this.#failures += 1;
    this.#lastFailure = message;
    if (this.#failures < MOST_FAILURES) return;
    const wasTry = this.#trying === pass;
    // That a call of before the pause fails as well says nothing about the try.
    if (this.#openUntil !== null && !wasTry) return;
    if (wasTry) this.#pauseSeconds = Math.min(LONGEST_PAUSE, this.#pauseSeconds * 2);
    this.#openUntil = plusSeconds(this.#clock.now(), this.#pauseSeconds);
    this.#trying = null;
  }

  /** The call was called off, so it says nothing about the tenant. */
  undecided(pass: Pass): void {
    if (this.#trying === pass) this.#trying = null;
  }
}
