import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Clock } from '../../core/clock.ts';

/** Real milliseconds between two looks at the database's clock: crystals drift by far less than a second meanwhile. */
const compareEvery = 30_000;
/** Of several answers the quickest says best what the time is. */
const samples = 3;
/** Long waits are cut, because the database's clock may be put right while we wait. */
const longestPause = 15_000;

/** The time of the database, for every process that shares it. */
export interface DatabaseClock extends Clock, AsyncDisposable {}

/**
 * Time as the database has it, kept going by this machine's monotonic clock between two looks: all processes mean the
 * same by “now”, whatever the clocks of their machines say, and however those jump. While the database is away, time
 * goes on from the last look.
 */
export async function databaseClock(pool: pg.Pool): Promise<DatabaseClock> {
  let ahead = await aheadOfMonotonic(pool);
  const stop = new AbortController();
  const now = (): Date => new Date(performance.now() + ahead);
  const comparing = (async () => {
    while (!stop.signal.aborted) {
      await pause(compareEvery, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
      if (!stop.signal.aborted) ahead = await aheadOfMonotonic(pool).catch(() => ahead);
    }
  })();
  return {
    now,
    until: async (at, signal) => {
      signal?.throwIfAborted();
      for (let left = at.getTime() - now().getTime(); left > 0; left = at.getTime() - now().getTime()) {
        await pause(Math.min(left, longestPause), undefined, signal ? { signal } : {}).catch((error: unknown) => {
          signal?.throwIfAborted();
          throw error;
        });
      }
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await comparing;
    },
  };
}

/** Milliseconds that the database's clock is ahead of this process's monotonic one. */
async function aheadOfMonotonic(pool: pg.Pool): Promise<number> {
  let best = { tripMs: Number.POSITIVE_INFINITY, ahead: 0 };
  for (let sample = 0; sample < samples; sample += 1) {
    const asked = performance.now();
    const sql = 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms';
    const { rows } = await pool.query<{ ms: number }>(sql);
    const answered = performance.now();
    const ahead = (rows[0]?.ms ?? Number.NaN) - (asked + answered) / 2;
    if (answered - asked < best.tripMs) best = { tripMs: answered - asked, ahead };
  }
  return best.ahead;
}
