import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DurableCall } from '../../src/core/durable.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { emptyEngine } from '../support/empty-engine.ts';
import { eventually } from '../support/eventually.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';

// Seconds on a free machine; the build often is not alone on its own.
vi.setConfig({ testTimeout: 120_000 });

const program = fileURLToPath(new URL('./child.ts', import.meta.url));

// One embedded database serves one process; several processes share an external one.
describe.each(serverKinds)('engine processes on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let url: string;
  let pool: pg.Pool;
  let children: ChildProcess[];

  beforeAll(async () => {
    server = await startServer(kind);
    url = await server.newDatabase();
    pool = await migratedPool(url);
    await pool.query('create table trace (id serial, run text, step int, value int, pid int)');
    await pool.query('create table finished (run text primary key, result json)');
  });

  beforeEach(() => {
    children = [];
  });

  afterEach(async () => {
    for (const child of children) await kill(child);
    await emptyEngine(pool);
    await pool.query('truncate trace, finished');
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  const spawn = async (): Promise<ChildProcess> => {
    const child = fork(program, [url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(child);
    await heard(child, 'ready');
    return child;
  };

  const start = async (child: ChildProcess, id: string, partition: string | null, input: JsonObject) => {
    const call: DurableCall = { function: input['seconds'] === undefined ? 'work@1' : 'wait@1', id, input, partition };
    const started = heard(child, `started ${id}`);
    child.send({ kind: 'start', ...call });
    await started;
  };

  const finished = async (): Promise<Map<string, unknown>> => {
    const { rows } = await pool.query<{ run: string; result: unknown }>('select run, result from finished');
    return new Map(rows.map(({ run, result }) => [run, result]));
  };

  const traces = async () => {
    const { rows } = await pool.query<{ run: string; step: number; value: number; pid: number }>(
      'select run, step, value, pid from trace order by id',
    );
    return rows;
  };

  it('loses no run and repeats no stored step, whenever its process is killed', async () => {
    const runs = Array.from({ length: 8 }, (_, index) => `kill-${kind}-${index}`);
    let child = await spawn();
    for (const [index, id] of runs.entries()) {
      await start(child, id, index % 2 === 0 ? `tenant ${index % 4}` : null, { steps: 12, milliseconds: 25 });
    }
    let kills = 0;
    while (kills < 5) {
      await pause(50 + Math.random() * 400);
      await kill(child);
      kills += 1;
      child = await spawn();
    }
    const results = await eventually(async () => {
      const done = await finished();
      return done.size === runs.length && done;
    }, 25_000);

    const all = await traces();
    for (const id of runs) {
      const own = all.filter(({ run }) => run === id);
      const last = Array.from({ length: 12 }, (_, index) => own.findLast(({ step }) => step === index + 1)?.value);
      expect(results.get(id)).toEqual(last);
      expect(own.map(({ step }) => step)).toEqual(own.map(({ step }) => step).toSorted((a, b) => a - b));
    }
    // At most the one step that each run had in hand when the process died.
    expect(all.length - runs.length * 12).toBeLessThanOrEqual(kills * runs.length);
  });

  if (kind === 'embedded')
    it('goes on with its runs within two seconds of a start after a kill', async () => {
      const first = await spawn();
      await start(first, `resume-${kind}-a`, 'tenant', { steps: 400, milliseconds: 10 });
      await start(first, `resume-${kind}-b`, null, { steps: 400, milliseconds: 10 });
      await eventually(async () => new Set((await traces()).map(({ run }) => run)).size === 2);
      await kill(first);
      const second = await spawn();
      const ready = performance.now();

      await eventually(async () => {
        const own = (await traces()).filter(({ pid }) => pid === second.pid);
        return new Set(own.map(({ run }) => run)).size === 2;
      });
      expect(performance.now() - ready).toBeLessThan(2000);
    });

  if (kind === 'external')
    it('takes over the runs of another process that was killed', async () => {
      const [one, two] = await Promise.all([spawn(), spawn()]);
      await start(one, `takeover-${kind}`, null, { steps: 40, milliseconds: 20 });
      await eventually(async () => (await traces()).length > 3);
      await kill(one);

      await eventually(async () => (await finished()).size === 1, 15_000);
      expect((await traces()).at(-1)?.pid).toBe(two.pid);
    });

  if (kind === 'external')
    it('refuses what a frozen process writes after its runs were taken over', async () => {
      const [frozen, other] = await Promise.all([spawn(), spawn()]);
      await start(frozen, `frozen-${kind}`, null, { steps: 60, milliseconds: 20 });
      await eventually(async () => (await traces()).length > 3);
      frozen.kill('SIGSTOP');
      // Fifteen seconds of silence, without waiting for them.
      await eventually(async () => {
        await pool.query(`update switchyard.executors set beat_at = now() - interval '1 minute' where pid = $1`, [
          frozen.pid,
        ]);
        return (await traces()).at(-1)?.pid === other.pid;
        // A process that was frozen inside a transaction keeps its locks until the server ends it, ten seconds later.
      }, 20_000);
      const before = (await traces()).filter(({ pid }) => pid === frozen.pid).length;
      frozen.kill('SIGCONT');

      await eventually(async () => (await finished()).size === 1, 15_000);
      const all = await traces();
      // It may end the one step it had in hand; what it would have stored is refused.
      expect(all.filter(({ pid }) => pid === frozen.pid).length).toBeLessThanOrEqual(before + 1);
      const byOther = all.filter(({ pid }) => pid === other.pid).map(({ step }) => step);
      expect(byOther).toEqual(byOther.toSorted((a, b) => a - b));
      expect(new Set(byOther).size).toBe(byOther.length);
    });

  if (kind === 'embedded')
    it('keeps the deadline of a wait when the process is killed meanwhile', async () => {
      const first = await spawn();
      const began = Date.now();
      await start(first, `deadline-${kind}`, 'tenant', { seconds: 3 });
      await eventually(async () => (await pool.query('select from switchyard.timers')).rowCount === 1);
      await kill(first);
      await spawn();

      const results = await eventually(async () => {
        const done = await finished();
        return done.size === 1 && done;
      });
      expect([...results.values()]).toEqual([null]);
      // A second wait of three seconds would end later than this.
      expect(Date.now() - began).toBeGreaterThanOrEqual(3000);
      // The row goes after the letter was sent, so that a deadline is never lost; the run may be quicker.
      await eventually(async () => (await pool.query('select from switchyard.timers')).rowCount === 0);
    });

  it('loses nothing when the server is killed under load', async (context) => {
    if (server.kill === null) return context.skip('the server DATABASE_URL names is not ours to kill');
    const child = await spawn();
    const runs = Array.from({ length: 10 }, (_, index) => `server-${kind}-${index}`);
    for (const id of runs) await start(child, id, null, { steps: 40, milliseconds: 20 });
    await start(child, `waiting-${kind}`, null, { seconds: 3 });
    await eventually(async () => (await traces()).length > 30);
    server.kill();

    const results = await eventually(async () => {
      const done = await finished().catch(() => new Map<string, unknown>());
      return done.size === runs.length + 1 && done;
    }, 25_000);
    expect(results.get(`waiting-${kind}`)).toBeNull();
    const all = await traces();
    expect(all.length).toBeGreaterThanOrEqual(400);
    expect(all.length).toBeLessThanOrEqual(400 + runs.length);
  });
});

function heard(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      if (message !== word) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve();
    };
    const onExit = (): void => reject(new Error(`the process ended before it said "${word}"`));
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
