/** Teams' limits for one bot in one thread: so many calls in so many real milliseconds. */
const WINDOWS = [
  { calls: 7, milliseconds: 1000 },
  { calls: 8, milliseconds: 2000 },
  { calls: 60, milliseconds: 30_000 },
  { calls: 1800, milliseconds: 3_600_000 },
] as const;

/** Counts the bot's sends per thread. */
export class RateLimit {
  readonly #sent = new Map<string, number[]>();

  /** Null when the call may pass, else the seconds to wait. */
  take(thread: string, now: number = Date.now()): number | null {
    const past = (this.#sent.get(thread) ?? []).filter((at) => at > now - 3_600_000);
    for (const { calls, milliseconds } of WINDOWS) {
      const within = past.filter((at) => at > now - milliseconds);
      const oldest = within[within.length - calls];
      if (oldest !== undefined) return Math.max(1, Math.ceil((oldest + milliseconds - now) / 1000));
    }
    this.#sent.set(thread, [...past, now]);
    return null;
  }

  clear(): void {
    this.#sent.clear();
  }
}
