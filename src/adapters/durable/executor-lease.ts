import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { StoreUnavailableError } from '../../core/store.ts';
import type { Logger } from '../../telemetry/log.ts';

/** First half of the advisory lock of every executor; the second is its own number. */
export const executorLocks = 728_314;
const beatMs = 5000;

/**
 * Tells the other processes that this one is alive: a row with a heartbeat in database time, for a process that hangs,
 * and a lock that the server drops with our connection, for one that dies.
 */
export class ExecutorLease {
  readonly id: string;
  readonly #url: string;
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #lockKey = randomInt(2 ** 31 - 1);
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(id: string, url: string, pool: pg.Pool, log: Logger) {
    this.id = id;
    this.#url = url;
    this.#pool = pool;
    this.#log = log;
  }

  /** From here on this process counts as alive. */
  async take(): Promise<void> {
    const held = await this.#lock();
    await this.#beat();
    this.#running = Promise.all([this.#keepLock(held), this.#keepBeating()]);
  }

  /** Whether the engine has this execution down as the one that carries the run. Errors: `StoreUnavailableError`, as long as nobody can say. */
  async carries(runId: string, ownership: string): Promise<boolean> {
    const sql = `select from dbos.workflow_status
      where workflow_uuid = $1 and executor_id = $2 and owner_xid = $3 and status = 'PENDING'`;
    const { rowCount } = await this.#pool.query(sql, [runId, this.id, ownership]).catch((cause: unknown) => {
      throw new StoreUnavailableError('The database does not say whose run this is.', {
        operation: 'write in a run',
        next: 'The run waits until the database answers.',
        cause,
      });
    });
    return rowCount === 1;
  }

  /** What this process leaves unfinished may be taken over at once. */
  async release(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#pool.query('delete from switchyard.executors where id = $1', [this.id]);
  }

  async #beat(): Promise<void> {
    await this.#pool.query(
      `insert into switchyard.executors (id, host, pid, lock_key) values ($1, $2, $3, $4)
       on conflict (id) do update set beat_at = now()`,
      [this.id, hostname(), process.pid, this.#lockKey],
    );
  }

  async #keepBeating(): Promise<void> {
    while (await this.#sleep(beatMs)) {
      await this.#beat().catch((error: unknown) => this.#log.warn({ reason: String(error) }, 'A heartbeat was missed'));
    }
  }

  /** Connects and takes the lock; `gone` resolves when the connection is lost. */
  async #lock(): Promise<{ readonly gone: Promise<void> }> {
    const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: 10_000, keepAlive: true });
    const gone = new Promise<void>((resolve) => client.on('end', resolve));
    client.on('error', () => undefined);
    await client.connect();
    await client.query('select pg_try_advisory_lock($1, $2)', [executorLocks, this.#lockKey]);
    this.#stop.signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
    return { gone };
  }

  async #keepLock(held: { readonly gone: Promise<void> }): Promise<void> {
    await held.gone;
    while (!this.#stop.signal.aborted) {
      try {
        const { gone } = await this.#lock();
        await gone;
      } catch {
        await this.#sleep(100);
      }
    }
  }

  /** False when it is time to stop. */
  async #sleep(milliseconds: number): Promise<boolean> {
    await pause(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    return !this.#stop.signal.aborted;
  }
}
