import { setTimeout as pause } from 'node:timers/promises';
import { DBOS, Error as EngineErrors } from '@dbos-inc/dbos-sdk';
import type pg from 'pg';
import type { Clock } from '../../core/clock.ts';
import { StoreUnavailableError } from '../../core/store.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Letter } from './letter.ts';

/** One wait of one run, with its deadline in product time. */
export interface Timer {
  readonly runId: string;
  /** Number of the wait within the run. */
  readonly wait: number;
  readonly topic: string;
  readonly dueAt: Date;
}

const pollMs = 500;

/**
 * Deadlines by the product's clock, which in rehearsal runs faster than the database's and jumps. Every process sends
 * the due ones; the engine takes each only once because its key says which it is.
 */
export class Timers {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #log: Logger;
  #wake = new AbortController();

  constructor(pool: pg.Pool, clock: Clock, log: Logger) {
    this.#pool = pool;
    this.#clock = clock;
    this.#log = log;
  }

  /** The first deadline stored for a wait stays, however often the run comes by again. */
  async set({ runId, wait, topic, dueAt }: Timer): Promise<void> {
    await this.#pool
      .query(
        `insert into switchyard.timers (run_id, wait, topic, due_at) values ($1, $2, $3, $4)
         on conflict (run_id, wait) do nothing`,
        [runId, wait, topic, dueAt.toISOString()],
      )
      .catch((cause: unknown) => {
        throw new StoreUnavailableError('A deadline could not be stored.', {
          operation: `store the deadline of ${runId}`,
          next: 'It is tried again until the database takes it.',
          cause,
        });
      });
    this.#wake.abort();
  }

  /** The wait ended by a message. A deadline that is sent all the same is passed over by the run. */
  async drop(runId: string, wait: number): Promise<void> {
    await this.#pool.query('delete from switchyard.timers where run_id = $1 and wait = $2', [runId, wait]);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#wake = new AbortController();
        const next = await this.#sendDue();
        await this.#idle(next, AbortSignal.any([signal, this.#wake.signal]));
      } catch (error) {
        this.#log.warn({ reason: String(error) }, 'Deadlines wait for the database');
        await pause(pollMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Sends the due deadlines; gives the next one that is not due yet. */
  async #sendDue(): Promise<Date | null> {
    const { rows } = await this.#pool.query<Timer>(
      `select run_id as "runId", wait, topic, due_at as "dueAt" from switchyard.timers order by due_at limit 100`,
    );
    const now = this.#clock.now();
    for (const timer of rows) {
      if (timer.dueAt > now) return timer.dueAt;
      await sendDeadline(timer);
      await this.drop(timer.runId, timer.wait);
    }
    // A full page may have more due ones behind it.
    return rows.length === 100 ? now : null;
  }

  async #idle(next: Date | null, signal: AbortSignal): Promise<void> {
    const round = new AbortController();
    const ended = AbortSignal.any([signal, round.signal]);
    const waits: Promise<void>[] = [pause(pollMs, undefined, { signal: ended })];
    if (next !== null) waits.push(this.#clock.until(next, ended));
    await Promise.race(waits.map((wait) => wait.catch(() => undefined)));
    round.abort();
  }
}

async function sendDeadline({ runId, wait, topic }: Timer): Promise<void> {
  try {
    await DBOS.send<Letter>(runId, { kind: 'deadline', wait }, topic, `deadline:${wait}`);
  } catch (error) {
    // The run's history was removed; nobody waits any more.
    if (!(error instanceof EngineErrors.DBOSNonExistentWorkflowError)) throw error;
  }
}
