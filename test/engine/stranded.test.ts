import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Durable } from '../../src/adapters/durable/create-durable.ts';
import { emptyEngine } from '../support/empty-engine.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { call, engineWith, type Run } from './engine-with.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.each(serverKinds)('a run that its living process does not carry, on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let url: string;
  let pool: pg.Pool;
  let engine: Durable | null = null;
  let seen: string[];
  let gate: PromiseWithResolvers<void>;

  beforeAll(async () => {
    server = await startServer(kind);
    url = await server.newDatabase();
    pool = await migratedPool(url);
  });

  beforeEach(() => {
    seen = [];
    gate = Promise.withResolvers();
  });

  afterEach(async () => {
    await engine?.stop();
    await pool.query('drop trigger if exists refuse on dbos.operation_outputs');
    await emptyEngine(pool);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  async function launch(run: Run): Promise<Durable> {
    engine = engineWith({ url, pool, clock: new FakeClock('2026-11-21T09:00:00.000Z', true) }, { 'f@1': run });
    await engine.launch();
    return engine;
  }

  /** As if it had been claimed long ago. */
  async function age(id: string): Promise<void> {
    await pool.query(
      'update dbos.workflow_status set started_at_epoch_ms = 1, updated_at = 1 where workflow_uuid = $1',
      [id],
    );
  }

  async function holderOf(id: string): Promise<string> {
    const sql = 'select executor_id as holder from dbos.workflow_status where workflow_uuid = $1';
    const { rows } = await pool.query<{ holder: string }>(sql, [id]);
    return rows[0]?.holder ?? '';
  }

  it('begins, once, although the answer to its claim was lost', async () => {
    const running = await launch(async (run) => {
      await run.step('work', async () => {
        seen.push(`begin ${run.id}`);
        if (run.id === 'a-1') await gate.promise;
        return null;
      });
    });
    await running.start(call('a-1', 'a'));
    await eventually(() => seen.length === 1);
    await running.start(call('a-2', 'a'));
    await pool.query(
      `update dbos.workflow_status set status = 'PENDING', executor_id = $1, owner_xid = 'lost',
         started_at_epoch_ms = 1, updated_at = 1 where workflow_uuid = 'a-2'`,
      [await holderOf('a-1')],
    );
    gate.resolve();

    await eventually(() => seen.length === 2, 20_000);
    await running.start(call('b-1', 'b'));
    await eventually(() => seen.includes('begin b-1'));
    expect(seen).toEqual(['begin a-1', 'begin a-2', 'begin b-1']);
  });

  it('goes on when the database takes writes again, and repeats nothing that is stored', async () => {
    await pool.query(`
      create or replace function public.read_only() returns trigger language plpgsql as $$
      begin raise exception 'cannot execute INSERT in a read-only transaction' using errcode = '25006'; end $$;
      create trigger refuse before insert on dbos.operation_outputs for each row
        when (new.function_name = 'second') execute function public.read_only()`);
    const running = await launch(async (run) => {
      for (const name of ['first', 'second', 'third']) await run.step(name, async () => seen.push(name));
    });
    await running.start(call('a-1', 'a'));
    await eventually(() => seen.length === 2);
    await pool.query('drop trigger refuse on dbos.operation_outputs');
    await age('a-1');

    await eventually(() => seen.includes('third'), 20_000);
    expect(seen).toEqual(['first', 'second', 'second', 'third']);
  });

  it('is fenced from writing by the execution that has begun since, in the same process too', async () => {
    const running = await launch(async (run) => {
      const place = await run.step('begin', async () => null).then(() => seen.push('execution'));
      if (place === 1) await gate.promise;
      await run.stillOurs().then(
        () => seen.push(`${place} may write`),
        (error: unknown) => seen.push(`${place} ${String((error as Error).name)}`),
      );
      if (place === 2) await run.receive('never', new Date('2030-01-01'));
    });
    await running.start(call('a-1', 'a'));
    await eventually(() => seen.length === 1);
    await pool.query(`update dbos.workflow_status set executor_id = 'nobody' where workflow_uuid = 'a-1'`);
    await eventually(() => seen.includes('2 may write'), 20_000);
    gate.resolve();

    await eventually(() => seen.length === 4);
    expect(seen.at(-1)).toBe('1 TakenOverError');
  });
});
