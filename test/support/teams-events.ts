import { setTimeout as pause } from 'node:timers/promises';

/** Longest rest between two looks, for what no event tells. */
const restMs = 500;

/** Hears of everything that happens in a simulated Teams, so that a test need not ask all the time. */
export class TeamsEvents {
  readonly #closing = new AbortController();
  #next = Promise.withResolvers<void>();

  /** `url` is the address of the rehearsal. */
  constructor(url: string) {
    void this.#listen(`${url}/control/events`).catch(() => undefined);
  }

  /** Resolves at the next event, or after a while. */
  async next(): Promise<void> {
    const waiting = new AbortController();
    const rest = pause(restMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([this.#next.promise, rest]);
    waiting.abort();
  }

  close(): void {
    this.#closing.abort();
  }

  async #listen(address: string): Promise<void> {
    const { body } = await fetch(address, { signal: this.#closing.signal });
    for await (const _ of body ?? []) {
      this.#next.resolve();
      this.#next = Promise.withResolvers();
    }
  }
}
