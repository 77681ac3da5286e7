import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { StoreUnavailableError } from '../../core/store.ts';
import type { OneStatement, Statements } from './one-statement.ts';

const connectionFaults = ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN'];
const connectionWords = /connection terminated|connection timeout|timeout exceeded|connection error|not queryable/i;

/** Whether the database could not be reached, as opposed to it saying no. */
export function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Classes 08, 57P and 53: connection lost, server going down or coming up, server out of resources. 25P03: the server
  // ended the connection, because its transaction had stood still for too long. 25006 and 58030: it takes no writes,
  // as a server does that is being replaced by another, or whose disk fails.
  if (error instanceof pg.DatabaseError) return /^(08|57P|53|25P03|25006|58030)/.test(error.code ?? '');
  const code = 'code' in error ? String(error.code) : '';
  return connectionFaults.includes(code) || connectionWords.test(error.message);
}

/** Runs statements on a pool. A database that is away is waited for, up to the patience; then it is an error. */
export class Session {
  readonly #pool: pg.Pool;
  readonly #patienceMs: number;

  constructor(pool: pg.Pool, patienceMs: number) {
    this.#pool = pool;
    this.#patienceMs = patienceMs;
  }

  query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<pg.QueryResult<Row>> {
    return this.#patiently(() => this.#pool.query<Row>(sql, [...values]));
  }

  /**
   * Whether the statement changed its row. When the connection is lost it runs again, unless it has arrived without our
   * hearing of it, which `hasArrived` finds out: before, because not every change is the same when it is made twice, and
   * after it changed nothing, because the server may still have been at it.
   */
  change(
    statement: OneStatement,
    hasArrived: (database: Statements) => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<boolean> {
    return this.#patiently(async (again) => {
      if (again && (await hasArrived(this.#pool))) return true;
      return (await statement.run(this.#pool)) || (again && (await hasArrived(this.#pool)));
    });
  }

  /**
   * All of `work` or nothing of it. `work` only talks to the database. When the connection is lost it runs again, and its
   * first commit may have arrived without our hearing of it.
   */
  transaction<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    return this.#patiently(async () => {
      const client = await this.#pool.connect();
      let broken = false;
      try {
        await client.query('begin');
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        broken = isConnectionFault(error);
        throw error;
      } finally {
        client.release(broken);
      }
    });
  }

  async #patiently<Result>(work: (again: boolean) => Promise<Result>): Promise<Result> {
    const deadline = Date.now() + this.#patienceMs;
    for (let again = false; ; again = true) {
      try {
        return await work(again);
      } catch (error) {
        if (!isConnectionFault(error)) throw error;
        if (Date.now() >= deadline) throw unavailable(error);
        await pause(250);
      }
    }
  }
}

function unavailable(cause: unknown): StoreUnavailableError {
  return new StoreUnavailableError('The database does not answer.', {
    operation: 'use the database',
    next: 'Try again in a minute. If it stays like this, an operator checks the database.',
    cause,
  });
}
