import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseError } from './database-error.ts';

/** The right to use a data folder. It ends by itself with the process that holds it. */
export interface FolderLock {
  /** Resolves when the lock was lost because the server went away; never after `release`. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

const lockKey = 7_283_140_511;
const patienceMs = 2000;

/** Takes the folder's lock, or refuses and names the bot that has it. */
export async function takeFolderLock(connection: pg.ClientConfig, dataDir: string): Promise<FolderLock> {
  const client = new pg.Client({ ...connection, application_name: `switchyard folder lock, process ${process.pid}` });
  let released = false;
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => undefined);
    client.on('end', () => released || resolve());
  });
  const release = async (): Promise<void> => {
    released = true;
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    await acquire(client, dataDir);
    return { lost, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function acquire(client: pg.Client, dataDir: string): Promise<void> {
  // A bot that was killed a moment ago may still be held to be alive by the server.
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [lockKey]);
    if (rows[0]?.mine === true) return;
    if (Date.now() > deadline) throw await inUse(client, dataDir);
    await pause(100);
  }
}

async function inUse(client: pg.Client, dataDir: string): Promise<DatabaseError> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [lockKey],
  );
  const holder = /process (\d+)/.exec(rows[0]?.name ?? '')?.[1];
  const who = holder === undefined ? 'Another bot' : `Another bot (process ${holder})`;
  return new DatabaseError(`${who} is using the data folder ${dataDir}.`, {
    operation: 'open the data folder',
    next: 'Stop that bot, or give this one a folder of its own with SWITCHYARD_DATA.',
  });
}
