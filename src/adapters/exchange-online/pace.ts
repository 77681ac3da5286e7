import { type Clock, plusSeconds } from '../../core/clock.ts';
import { ThrottledError } from '../../core/errors.ts';

/** Calls a second. Nobody publishes how many are allowed, so these are what careful clients keep to. */
const FASTEST = 2;
const SLOWEST = 0.25;
/** How much faster after each call that went well. */
const RECOVERY = 0.05;
/** Calls that may go at once after a time of rest: a plan is read and a run begins without waiting. */
const BURST = 20;
/** Seconds. Whoever would have to wait longer is told instead. */
const LONGEST_WAIT = 60;

/** How fast one tenant is called: steadily, slower each time it complains, faster again when it does not. */
export class Pace {
  readonly #clock: Clock;
  #rate = FASTEST;
  #left = BURST;
  #countedAt: Date;
  #quietUntil: Date;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedAt = clock.now();
    this.#quietUntil = clock.now();
  }

  /** Waits for the next moment at which a call may go; throws ThrottledError when that is far away. */
  async turn(operation: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const quietSeconds = this.#quietSeconds(operation);
    this.#count();
    this.#left -= 1;
    let seconds = Math.max(quietSeconds, -this.#left / this.#rate);
    while (seconds > 0) {
      await this.#clock.until(plusSeconds(this.#clock.now(), seconds), signal);
      // Another call may have been complained about meanwhile.
      seconds = this.#quietSeconds(operation);
    }
  }

  /** The service complained; it may have said for how long it wants to be left alone. */
  complaint(retryAfterSeconds: number | null): void {
    this.#count();
    this.#rate = Math.max(SLOWEST, this.#rate / 2);
    this.#left = Math.min(this.#left, 0);
    if (retryAfterSeconds === null) return;
    const until = plusSeconds(this.#clock.now(), retryAfterSeconds);
    if (until > this.#quietUntil) this.#quietUntil = until;
  }

  /** A call was taken without complaint. */
  success(): void {
    this.#count();
    this.#rate = Math.min(FASTEST, this.#rate + RECOVERY);
  }

  #quietSeconds(operation: string): number {
    const seconds = secondsBetween(this.#clock.now(), this.#quietUntil);
    if (seconds > LONGEST_WAIT) throw stillQuiet(operation, seconds);
    return seconds;
  }

  #count(): void {
    const now = this.#clock.now();
    this.#left = Math.min(BURST, this.#left + secondsBetween(this.#countedAt, now) * this.#rate);
    this.#countedAt = now;
  }
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}

function stillQuiet(operation: string, seconds: number): ThrottledError {
  return new ThrottledError('Exchange Online asked us to leave this tenant alone for a while; nothing was sent.', {
    operation,
    next: 'Switchyard tries again by itself.',
    retryAfterSeconds: Math.ceil(seconds),
  });
}
