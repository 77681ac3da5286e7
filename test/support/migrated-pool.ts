import type pg from 'pg';
import { migrate } from '../../src/adapters/database/migrate.ts';
import { createPool } from '../../src/adapters/database/open-database.ts';
import { silentLog } from './silent-log.ts';

/** A pool on a database with our tables. */
export async function migratedPool(url: string): Promise<pg.Pool> {
  const pool = createPool(url, silentLog());
  await migrate(pool);
  return pool;
}
