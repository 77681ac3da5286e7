import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Durable } from '../../src/adapters/durable/create-durable.ts';
import { plusSeconds } from '../../src/core/clock.ts';
import { emptyEngine } from '../support/empty-engine.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { startServer, type TestServer } from '../support/postgres.ts';
import { call, engineWith } from './engine-with.ts';

vi.setConfig({ testTimeout: 120_000 });

const program = fileURLToPath(new URL('./child.ts', import.meta.url));

describe('while an older process still runs beside a newer one', () => {
  let server: TestServer;
  let url: string;
  let pool: pg.Pool;
  let older: ChildProcess;
  let newer: Durable | null = null;
  const clock = new FakeClock('2026-11-21T09:00:00.000Z', true);

  beforeAll(async () => {
    server = await startServer('external');
    url = await server.newDatabase();
    pool = await migratedPool(url);
    older = fork(program, [url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(older, 'message');
  });

  afterAll(async () => {
    older.kill('SIGKILL');
    await newer?.stop();
    await emptyEngine(pool);
    await pool?.end();
    await server?.stop();
  });

  it('the older one gives back a run that it does not know; it and what waits behind it go on, once', async () => {
    const done: string[] = [];
    const launch = async (): Promise<Durable> => {
      newer = engineWith(
        { url, pool, clock },
        {
          'work@1': async () => undefined,
          'wait@1': async () => undefined,
          'new@2': async (run) => {
            await run.receive('go', plusSeconds(clock.now(), 3600));
            await run.step('only', async () => done.push(run.id));
          },
        },
      );
      await newer.launch();
      return newer;
    };
    const first = await launch();
    await first.start(call('taken', 'contoso', 'new@2'));
    await eventually(async () => (await pool.query('select from switchyard.timers')).rowCount === 1);
    await first.stop();
    await eventually(async () => (await holderOf('taken')).startsWith(`${older.pid}-`), 30_000);

    const second = await launch();
    await second.start(call('behind', 'contoso', 'new@2'));
    await second.start(call('beside', 'fabrikam', 'new@2'));
    for (const id of ['taken', 'behind', 'beside']) await second.send(id, 'go', true, `go-${id}`);
    await eventually(() => done.includes('beside'), 30_000);
    const before = await claimsOf('taken');
    await eventually(async () => (await claimsOf('taken')) > before || done.includes('taken'), 30_000);

    older.disconnect();
    await once(older, 'exit');
    await eventually(() => done.length === 3, 60_000);
    expect(done.toSorted()).toEqual(['behind', 'beside', 'taken']);
    expect(done.indexOf('taken')).toBeLessThan(done.indexOf('behind'));
  });

  async function claimsOf(id: string): Promise<number> {
    const sql = 'select recovery_attempts as claims from dbos.workflow_status where workflow_uuid = $1';
    const { rows } = await pool.query<{ claims: string }>(sql, [id]);
    return Number(rows[0]?.claims);
  }

  async function holderOf(id: string): Promise<string> {
    const sql = 'select executor_id as holder from dbos.workflow_status where workflow_uuid = $1';
    const { rows } = await pool.query<{ holder: string | null }>(sql, [id]);
    return rows[0]?.holder ?? '';
  }
});
