import type pg from 'pg';
import { vi } from 'vitest';

/** The next statement on the pool arrives, and its answer does not. `meanwhile` happens before anybody tries again. */
export function loseNextAnswer(pool: pg.Pool, meanwhile: () => Promise<unknown> = () => Promise.resolve()): void {
  const query = pool.query.bind(pool) as (sql: string, values?: unknown[]) => Promise<unknown>;
  const losing = async (sql: string, values?: unknown[]): Promise<never> => {
    await query(sql, values);
    await meanwhile();
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  };
  vi.spyOn(pool, 'query').mockImplementationOnce(losing as never);
}
