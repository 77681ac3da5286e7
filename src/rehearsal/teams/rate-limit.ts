interface Window {
  readonly calls: number;
  readonly milliseconds: number;
}

/** Teams' limits for one bot in one thread: so many calls in so many milliseconds of the virtual clock. */
const THREAD: readonly Window[] = [
  { calls: 7, milliseconds: 1000 },
  { calls: 8, milliseconds: 2000 },
  { calls: 60, milliseconds: 30_000 },
  { calls: 1800, milliseconds: 3_600_000 },
];
/** And in all threads of a tenant together. */
const TENANT: readonly Window[] = [{ calls: 30, milliseconds: 1000 }];

/** Counts the bot's sends per thread and in all. */
export class RateLimit {
  readonly #sent = new Map<string, number[]>();
  #all: number[] = [];

  /** Null when the call may pass, else the seconds to wait. */
  take(thread: string, now: number): number | null {
    const here = (this.#sent.get(thread) ?? []).filter((at) => at > now - 3_600_000);
    this.#all = this.#all.filter((at) => at > now - 1000);
    const wait = waitFor(here, THREAD, now) ?? waitFor(this.#all, TENANT, now);
    if (wait !== null) return wait;
    this.#sent.set(thread, [...here, now]);
    this.#all.push(now);
    return null;
  }

  clear(): void {
    this.#sent.clear();
    this.#all = [];
  }
}

function waitFor(past: readonly number[], windows: readonly Window[], now: number): number | null {
  for (const { calls, milliseconds } of windows) {
    const within = past.filter((at) => at > now - milliseconds);
    const oldest = within[within.length - calls];
    if (oldest !== undefined) return Math.max(1, Math.ceil((oldest + milliseconds - now) / 1000));
  }
  return null;
}
