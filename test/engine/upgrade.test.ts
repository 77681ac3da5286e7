import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Durable } from '../../src/adapters/durable/create-durable.ts';
import { plusSeconds } from '../../src/core/clock.ts';
import { emptyEngine } from '../support/empty-engine.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { call, engineWith, type Run } from './engine-with.ts';

describe.each(serverKinds)('an upgrade of the program on %s PostgreSQL', (kind) => {
  const clock = new FakeClock('2026-11-21T09:00:00.000Z', true);
  let server: TestServer;
  let url: string;
  let pool: pg.Pool;
  let program: Durable | null = null;

  beforeAll(async () => {
    server = await startServer(kind);
    url = await server.newDatabase();
    pool = await migratedPool(url);
  });

  afterEach(async () => {
    await program?.stop();
    await emptyEngine(pool);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it('lets an open run end on the version it began with, while a new one begins on the new version', async () => {
    const done: string[] = [];
    /** Two steps with a wait for a person between them, and one more step in the second version. */
    const version = (number: 1 | 2, which: string): Run => {
      return async (run) => {
        const step = (name: string) =>
          run.step(name, async () => done.push(`${run.id} ${name} of version ${number} in the ${which} program`));
        await step('first');
        if (number === 2) await step('extra');
        await run.receive('go', plusSeconds(clock.now(), 3600));
        await step('last');
      };
    };
    const begin = async (functions: Readonly<Record<string, Run>>): Promise<Durable> => {
      program = engineWith({ url, pool, clock }, functions);
      await program.launch();
      return program;
    };

    const old = await begin({ 'lives@1': version(1, 'old') });
    await old.start(call('open', 'tenant', 'lives@1'));
    await eventually(async () => (await pool.query('select from switchyard.timers')).rowCount === 1);
    await old.stop();

    const current = await begin({ 'lives@1': version(1, 'new'), 'lives@2': version(2, 'new') });
    await current.send('open', 'go', true, 'k-1');
    await eventually(() => done.length === 2);
    await current.start(call('later', 'tenant', 'lives@2'));
    await current.send('later', 'go', true, 'k-2');
    await eventually(() => done.length === 5);

    expect(done).toEqual([
      'open first of version 1 in the old program',
      'open last of version 1 in the new program',
      'later first of version 2 in the new program',
      'later extra of version 2 in the new program',
      'later last of version 2 in the new program',
    ]);
  });
});
