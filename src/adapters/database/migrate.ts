import type pg from 'pg';
import { DatabaseError } from './database-error.ts';
import { migrations } from './migrations/index.ts';

const lockKey = 7_283_140_512;

/**
 * Brings our tables up to date: forward only, all in one transaction, one process at a time. A database that a newer
 * version has migrated is refused, because that version's rows are unknown here.
 */
export async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await client.query('create schema if not exists switchyard');
    await client.query(
      `create table if not exists switchyard.migrations (
         name text primary key, applied_at timestamptz not null default now())`,
    );
    await applyMissing(client);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function applyMissing(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select name from switchyard.migrations');
  const applied = new Set(rows.map(({ name }) => name));
  refuseUnknown(applied);
  for (const { name, sql } of migrations) {
    if (applied.has(name)) continue;
    await client.query(sql);
    await client.query('insert into switchyard.migrations (name) values ($1)', [name]);
  }
}

function refuseUnknown(applied: ReadonlySet<string>): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new DatabaseError(`The database was migrated by a newer version (${unknown.join(', ')}).`, {
    operation: 'migrate the database',
    next: 'Start that version or a newer one; there is no way back to an older one.',
  });
}
