import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool } from '../../src/adapters/database/open-database.ts';
import { Session } from '../../src/adapters/store/session.ts';
import { startServer, type TestServer } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';

let server: TestServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startServer('embedded');
  pool = createPool(await server.newDatabase(), silentLog());
});

afterAll(async () => {
  await pool?.end();
  await server?.stop();
});

describe('a transaction of a process that is frozen', () => {
  it('is ended by the server within seconds, so that others get what it has locked', async () => {
    const { rows } = await pool.query(`show idle_in_transaction_session_timeout`);
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: '20s' }]);
  });

  it('runs again when the process goes on', async () => {
    let rounds = 0;
    const result = await new Session(pool, 10_000).transaction(async (client) => {
      rounds += 1;
      await client.query(`set local idle_in_transaction_session_timeout = '50ms'`);
      if (rounds === 1) await pause(500);
      await client.query('select 1');
      return 'done';
    });
    expect([result, rounds]).toEqual(['done', 2]);
  });
});
