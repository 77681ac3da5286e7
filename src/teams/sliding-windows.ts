/** So many sends in so many milliseconds, wherever the window is laid. */
export interface Limit {
  readonly count: number;
  readonly withinMs: number;
}

interface Sending {
  /** Null while no answer has come. */
  endedAt: number | null;
}

/**
 * When sends happened, and when the next one fits into every window. A send reaches Teams at some moment before its
 * answer, so it counts from its answer on: then no window is exceeded as Teams sees it either.
 */
export class SlidingWindows {
  readonly #longestMs: number;
  #sendings: Sending[] = [];

  /** `longestMs` is the longest window that will be asked for. */
  constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  /** Milliseconds until one more send fits; 0 when it fits now. */
  pause(now: number, limits: readonly Limit[]): number {
    this.#sendings = this.#sendings.filter(({ endedAt }) => endedAt === null || now - endedAt <= this.#longestMs);
    return Math.max(0, ...limits.map((limit) => this.#pauseFor(now, limit)));
  }

  /** A send begins; call what comes back when its answer is there. */
  begin(): (now: number) => void {
    const sending: Sending = { endedAt: null };
    this.#sendings.push(sending);
    return (now) => {
      sending.endedAt = now;
    };
  }

  #pauseFor(now: number, { count, withinMs }: Limit): number {
    const leaves = this.#sendings.map(({ endedAt }) => (endedAt ?? now) + withinMs).filter((at) => at >= now);
    if (leaves.length < count) return 0;
    const room = leaves.toSorted((one, other) => one - other)[leaves.length - count] ?? now;
    // One more than the window: at exactly its length both ends are still inside.
    return room - now + 1;
  }
}
