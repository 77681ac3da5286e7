import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Durable } from '../../src/adapters/durable/create-durable.ts';
import { plusSeconds } from '../../src/core/clock.ts';
import type { DurableCall } from '../../src/core/durable.ts';
import { describeError, RefusedError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import { StoreUnavailableError } from '../../src/core/store.ts';
import { emptyEngine } from '../support/empty-engine.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { call, engineWith, type Run } from './engine-with.ts';

describe.each(serverKinds)('engine on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let url: string;
  let pool: pg.Pool;
  let clock: FakeClock;
  let engine: Durable | null;
  let seen: string[];

  beforeAll(async () => {
    server = await startServer(kind);
    url = await server.newDatabase();
    pool = await migratedPool(url);
  });

  beforeEach(() => {
    clock = new FakeClock('2026-11-21T09:00:00.000Z', true);
    engine = null;
    seen = [];
  });

  afterEach(async () => {
    await engine?.stop();
    await emptyEngine(pool);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  const launch = async (functions: Readonly<Record<string, Run>>) => {
    const launched = engineWith({ url, pool, clock }, functions);
    engine = launched;
    await launched.launch();
    const start = (wanted: DurableCall) => launched.start(wanted);
    const send = (runId: string, topic: string, message: Json, key: string) =>
      launched.send(runId, topic, message, key);
    return { start, send };
  };

  const relaunch = async (functions: Readonly<Record<string, Run>>) => {
    await engine?.stop();
    return launch(functions);
  };

  /** Waits for a message or an hour, and says what it got. */
  const waitAnHour: Run = async (run) => {
    const got = await run.receive('go', plusSeconds(clock.now(), 3600));
    seen.push(JSON.stringify(got));
  };

  const timers = async (): Promise<number> => (await pool.query('select from switchyard.timers')).rowCount ?? 0;

  it('starts a run once, however often and however parallel it is asked for', async () => {
    const { start } = await launch({
      'f@1': async (run) => {
        await run.step('only', async () => seen.push(run.id));
      },
    });

    await Promise.all(Array.from({ length: 20 }, () => start(call('r-1', 'tenant'))));
    await Promise.all(Array.from({ length: 20 }, () => start(call('r-2'))));
    await eventually(() => seen.length >= 2);
    await start(call('r-1', 'tenant'));
    await start(call('r-3'));
    await eventually(() => seen.includes('r-3'));

    expect(seen.toSorted()).toEqual(['r-1', 'r-2', 'r-3']);
  });

  it('refuses to start a function that is not registered', async () => {
    const { start } = await launch({});

    await expect(start(call('r-1'))).rejects.toMatchObject({ code: 'missing-function' });
  });

  it('gives a message that was sent before the wait, and each key once', async () => {
    const { start, send } = await launch({
      'f@1': async (run) => {
        await run.step('be slow', () => eventually(() => seen.includes('sent')));
        for (let count = 0; count < 3; count += 1) {
          seen.push(JSON.stringify(await run.receive('go', plusSeconds(clock.now(), 60))));
        }
      },
    });
    await start(call('r-1'));
    for (const [message, key] of [
      ['first', 'k1'],
      ['first again', 'k1'],
      ['second', 'k2'],
    ] as const) {
      await send('r-1', 'go', { message }, key);
    }
    seen.push('sent');
    await eventually(() => seen.length === 3);
    clock.advance(61);

    await eventually(() => seen.length === 4);
    expect(seen).toEqual(['sent', '{"message":"first"}', '{"message":"second"}', 'null']);
  });

  it('ignores a message to a run that does not exist', async () => {
    const { send } = await launch({});

    await expect(send('nobody', 'go', 1, 'k')).resolves.toBeUndefined();
  });

  it('gives null at the deadline when the clock jumps over it, and not before', async () => {
    const { start } = await launch({ 'f@1': waitAnHour });
    await start(call('r-1'));
    await eventually(async () => (await timers()) === 1);
    clock.advance(3599);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(seen).toEqual([]);

    clock.advance(86_400);

    await eventually(() => seen.length === 1, 5000);
    expect(seen).toEqual(['null']);
    // The row goes after the letter was sent, so that a deadline is never lost; the run may be quicker.
    await eventually(async () => (await timers()) === 0);
  });

  it('keeps deadline and messages of a wait over a restart', async () => {
    const { start } = await launch({ 'f@1': waitAnHour });
    await start(call('r-1', 'tenant'));
    await start(call('r-2'));
    await eventually(async () => (await timers()) === 2);
    clock.advance(1800);

    const { send } = await relaunch({ 'f@1': waitAnHour });
    await send('r-1', 'go', 'hello', 'k');
    await eventually(() => seen.includes('"hello"'), 5000);
    clock.advance(1801);

    // Had the second start begun a wait of its own, half an hour would be missing now.
    await eventually(() => seen.length === 2, 5000);
    expect(seen).toEqual(['"hello"', 'null']);
  });

  it('passes over the deadline of a wait that a message had ended', async () => {
    const { start, send } = await launch({
      'f@1': async (run) => {
        seen.push(JSON.stringify(await run.receive('go', plusSeconds(clock.now(), 10))));
        await run.step('time passes', () => eventually(() => seen.includes('passed')));
        seen.push(JSON.stringify(await run.receive('go', plusSeconds(clock.now(), 10))));
      },
    });
    await start(call('r-1'));
    await eventually(async () => (await timers()) === 1);
    // The first wait's deadline is sent although its message came, as when both happen in the same moment.
    await pool.query(`update switchyard.timers set due_at = due_at + interval '1 second', wait = wait`);
    await send('r-1', 'go', 1, 'k1');
    await eventually(() => seen.length === 1);
    await pool.query(
      `insert into switchyard.timers (run_id, wait, topic, due_at) values ('r-1', 1, 'go', $1) on conflict do nothing`,
      [clock.now()],
    );
    await eventually(async () => (await timers()) === 0);
    seen.push('passed');
    await eventually(async () => (await timers()) === 1);
    await send('r-1', 'go', 2, 'k2');

    await eventually(() => seen.length === 3);
    expect(seen).toEqual(['1', 'passed', '2']);
  });

  it('runs one call of a partition after the other and other partitions beside them', async () => {
    const gate = Promise.withResolvers<void>();
    const { start } = await launch({
      'f@1': async (run) => {
        await run.step('work', async () => {
          seen.push(`begin ${run.id}`);
          if (run.id === 'a-1') await gate.promise;
          seen.push(`end ${run.id}`);
          return null;
        });
      },
    });
    for (const id of ['a-1', 'a-2', 'a-3']) await start(call(id, 'a'));
    await start(call('b-1', 'b'));
    await eventually(() => seen.includes('end b-1') && seen.includes('begin a-1'));
    expect(seen).not.toContain('begin a-2');
    gate.resolve();

    await eventually(() => seen.includes('end a-3'));
    const ofA = seen.filter((line) => line.includes('a-'));
    expect(ofA).toEqual(['a-1', 'a-2', 'a-3'].flatMap((id) => [`begin ${id}`, `end ${id}`]));
  });

  it('keeps the next run of a tenant out while one waits for a person, and other tenants’ runs not', async () => {
    const { start, send } = await launch({
      'f@1': async (run) => {
        await run.step('begin', async () => {
          seen.push(`begin ${run.id}`);
          return null;
        });
        if (run.id === 'a-1') await run.receive('operator', plusSeconds(clock.now(), 43_200));
        seen.push(`end ${run.id}`);
      },
    });
    for (const id of ['a-1', 'a-2']) await start(call(id, 'a'));
    await eventually(() => seen.includes('begin a-1'));
    await start(call('b-1', 'b'));
    await eventually(() => seen.includes('end b-1'));
    clock.advance(7200);
    expect(seen).not.toContain('begin a-2');
    await send('a-1', 'operator', 'look', 'k');

    await eventually(() => seen.includes('end a-2'));
    expect(seen.filter((line) => line.includes('a-'))).toEqual(['begin a-1', 'end a-1', 'begin a-2', 'end a-2']);
  });

  it('gives the same error before and after a restart when a step throws', async () => {
    const failing: Run = async (run) => {
      const work = async () => {
        seen.push('tried');
        throw new RefusedError('no', { operation: 'ask', next: 'ask somebody else' });
      };
      const error = await run.step('ask', work).catch((caught: unknown) => caught);
      seen.push(describeError(error).code, describeError(error).next);
      await run.receive('go', plusSeconds(clock.now(), 60));
    };
    const { start } = await launch({ 'f@1': failing });
    await start(call('r-1'));
    await eventually(async () => (await timers()) === 1);
    await relaunch({ 'f@1': failing });
    clock.advance(61);

    await eventually(() => seen.length === 5);
    expect(seen).toEqual(['tried', 'refused', 'ask somebody else', 'refused', 'ask somebody else']);
  });

  it('does not take a missing database for the outcome of a step', async () => {
    const { start } = await launch({
      'f@1': async (run) => {
        await run.step('save', async () => {
          seen.push('tried');
          if (seen.length === 1) throw new StoreUnavailableError('away', { operation: 'save', next: 'wait' });
          return null;
        });
        seen.push('saved');
      },
    });
    await start(call('r-1'));

    await eventually(() => seen.includes('saved'));
    expect(seen).toEqual(['tried', 'tried', 'saved']);
  });

  it('refuses to launch while an unfinished run needs a function that is missing', async () => {
    const { start } = await launch({ 'old@1': waitAnHour, 'f@1': waitAnHour });
    await start(call('r-1', 'tenant', 'old@1'));
    await eventually(async () => (await timers()) === 1);
    await engine?.stop();

    await expect(launch({ 'f@1': waitAnHour })).rejects.toMatchObject({
      code: 'missing-function',
      message: expect.stringContaining('old@1 (1 unfinished)'),
    });
    await relaunch({ 'old@1': waitAnHour });
    clock.advance(3601);
    await eventually(() => seen.length === 1);
  });

  it('survives more restarts in a wait than the engine allows by default', async () => {
    const { start } = await launch({ 'f@1': waitAnHour });
    await start(call('r-1'));
    await eventually(async () => (await timers()) === 1);
    await engine?.stop();
    await pool.query('update dbos.workflow_status set recovery_attempts = 150');
    const { send } = await launch({ 'f@1': waitAnHour });
    await send('r-1', 'go', 'still there', 'k');

    await eventually(() => seen.length === 1);
  });
});
