import { median, percentile } from './percentile.ts';

/** Values of one bot, one list per round. */
export class Series {
  readonly #rounds: (readonly number[])[] = [];

  add(values: readonly number[]): void {
    this.#rounds.push(values);
  }

  /** Median of the rounds' medians, so that one disturbed round does not count. */
  get p50(): number {
    return median(this.#rounds.map(median));
  }

  /** Over all rounds together: what was slow once was slow. */
  get p99(): number {
    return percentile(this.#rounds.flat(), 0.99);
  }
}
