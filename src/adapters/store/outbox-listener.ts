import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../telemetry/log.ts';
import type { Lane } from './effect-lane.ts';
import { outboxChannel } from './outbox-channel.ts';

/** Wakes idle workers when the database says that an effect was stored, one worker per effect. */
export class OutboxListener {
  readonly #url: string;
  readonly #log: Logger;
  readonly #idle = new Map<() => void, Lane>();
  /** Lanes that were woken while no worker was idle: the next worker to become idle looks again at once. */
  readonly #missed = new Set<string>();

  constructor(url: string, log: Logger) {
    this.#url = url;
    this.#log = log;
  }

  /** Listens until the signal aborts, connecting again whenever the connection is lost. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#listen(signal);
      } catch (error) {
        this.#log.warn({ reason: String(error) }, 'Wake-ups of the outbox are off; it polls until they are back');
        await pause(500, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Waits until there may be something to do: a wake-up, the time or the end. */
  wait(lane: Lane, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#missed.delete(lane)) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#idle.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#idle.set(wake, lane);
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }

  wakeOne(lane: string): void {
    for (const [wake, waitingFor] of this.#idle) {
      if (waitingFor !== lane) continue;
      wake();
      return;
    }
    this.#missed.add(lane);
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: 10_000, keepAlive: true });
    client.on('notification', ({ payload }) => this.wakeOne(payload ?? ''));
    const ended = new Promise<void>((_, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection ended')));
    });
    ended.catch(() => undefined);
    try {
      await client.connect();
      await client.query(`listen ${outboxChannel}`);
      await Promise.race([ended, aborted(signal)]);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
