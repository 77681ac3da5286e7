import pg from 'pg';
import type { Logger } from '../../telemetry/log.ts';
import { DatabaseError } from './database-error.ts';
import { startEmbedded, urlOfRunning } from './embedded-postgres.ts';
import type { DatabaseLocation } from './open-database.ts';

/** A database that is only read, unless a transaction says that it writes. */
export interface ReadDatabase {
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens the bot's database for reading, whether the bot runs or not. An embedded server that runs is used as it is;
 * one that does not is started for the time being.
 */
export async function readDatabase({ databaseUrl, dataDir }: DatabaseLocation, log: Logger): Promise<ReadDatabase> {
  const running = databaseUrl ?? (await urlOfRunning(dataDir, log));
  const started = running === null ? await startEmbedded({ dataDir, log }) : null;
  const pool = new pg.Pool({
    connectionString: running ?? started?.url ?? '',
    max: 2,
    options: '-c default_transaction_read_only=on',
    application_name: 'switchyard command line',
  });
  pool.on('error', () => undefined);
  const close = async (): Promise<void> => {
    await pool.end();
    await started?.stop();
  };
  try {
    await refuseWithoutTrail(pool);
    return { pool, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function refuseWithoutTrail(pool: pg.Pool): Promise<void> {
  const sql = `select to_regclass('switchyard.audit_head') is not null as there`;
  const { rows } = await pool.query<{ there: boolean }>(sql);
  if (rows[0]?.there) return;
  throw new DatabaseError('There is no audit trail in this database.', {
    operation: 'read the audit trail',
    next: 'Check SWITCHYARD_DATA and DATABASE_URL; the bot makes its tables when it starts for the first time.',
  });
}
