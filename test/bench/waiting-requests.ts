import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { OwnServer } from '../chaos/own-server.ts';
import { type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import { freePort, startProgram } from './bot-process.ts';
import type { Figures } from './figures.ts';
import { processorMs, residentMb } from './proc.ts';

const waiting = 10_000;
/** After the ready line the program still reads its tenants and settles its heap. */
const settleMs = 8000;

/** What one process of the bot holds while it has nothing to do. */
interface Idle {
  readonly residentMb: number;
  readonly timers: number;
  readonly connections: number;
  readonly cpuPercent: number;
}

/** What it costs to hold many requests that wait for a decision, beside holding one. */
export async function measureWaitingRequests(figures: Figures): Promise<void> {
  if (process.platform !== 'linux') return figures.note('NOT MEASURED: waiting requests; memory is read from /proc.');
  await using things = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  things.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await OwnServer.start();
  things.defer(() => server.remove());
  const port = await freePort();
  const cloud = await startRehearsal({ PORT: String(port), REHEARSAL_SPEED: '1' });
  things.defer(() => cloud.stop());
  const pool = new pg.Pool({ connectionString: server.url, max: 1, application_name: 'bench' });
  // The server is stopped before the last connection knows.
  pool.on('error', () => undefined);
  things.defer(() => pool.end());

  const place = { folder, port, url: server.url, cloud, pool };
  const one = await idleWith(place, () => askOnce(cloud, pool));
  await copyRequests(pool);
  const many = await idleWith(place, () => Promise.resolve());
  figures.set('waiting_requests', waiting);
  figures.set('waiting_extra_rss_mb', many.residentMb - one.residentMb);
  figures.set('waiting_extra_timers', many.timers - one.timers);
  figures.set('waiting_extra_connections', many.connections - one.connections);
  figures.set('waiting_cpu_percent', many.cpuPercent);
  figures.set('waiting_extra_cpu_percent', many.cpuPercent - one.cpuPercent);
  figures.note(
    `waiting: ${waiting} requests that wait for a decision, beside one: resident memory, timers and database connections of an idle bot ${settleMs / 1000} s after its start; cpu: share of one core meanwhile.`,
  );
}

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  readonly cloud: RunningRehearsal;
  readonly pool: pg.Pool;
}

async function idleWith({ folder, port, url, cloud, pool }: Place, prepare: () => Promise<void>): Promise<Idle> {
  const report = join(folder, 'resources.json');
  const bot = await startProgram({
    file: new URL('../../src/main.ts', import.meta.url),
    environment: {
      PORT: String(port),
      SWITCHYARD_DATA: folder,
      SWITCHYARD_REHEARSAL_URL: cloud.url,
      DATABASE_URL: url,
    },
    ready: /is ready after/u,
    nodeOptions: ['--expose-gc', `--import=${await reporter(folder, report)}`],
  });
  try {
    await prepare();
    await wait(settleMs);
    const before = processorMs(bot.pid);
    await wait(4000);
    const cpuPercent = ((processorMs(bot.pid) - before) / 4000) * 100;
    const timers = await timersOf(bot.pid, report);
    const { rows } = await pool.query<{ connections: number }>(
      `select count(*)::integer as connections from pg_stat_activity where application_name <> 'bench' and datname = current_database()`,
    );
    return { residentMb: residentMb(bot.pid), timers, connections: rows[0]?.connections ?? 0, cpuPercent };
  } finally {
    await bot.stop();
  }
}

/** A module that writes down, when the process is asked to, what keeps it busy, and collects its garbage. */
async function reporter(folder: string, report: string): Promise<string> {
  const file = join(folder, 'reporter.mjs');
  const program = `import { writeFileSync } from 'node:fs';
process.on('SIGUSR2', () => {
  globalThis.gc();
  writeFileSync(${JSON.stringify(report)}, JSON.stringify(process.getActiveResourcesInfo()));
});
`;
  await writeFile(file, program);
  return file;
}

async function timersOf(pid: number, report: string): Promise<number> {
  await rm(report, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    await wait(100);
    const text = await readFile(report, 'utf8').catch(() => '');
    if (text.endsWith(']')) return (JSON.parse(text) as string[]).filter((name) => name === 'Timeout').length;
  }
}

async function askOnce(cloud: RunningRehearsal, pool: pg.Pool): Promise<void> {
  const text = 'set up gateway exchangedefender for contoso.com';
  await cloud.control('messages', { as: 'rita', conversation: 'mail-ops', text });
  for (;;) {
    const { rowCount } = await pool.query(`select from switchyard.requests where state = 'awaiting-approval'`);
    if (rowCount === 1) return;
    await wait(100);
  }
}

/** The same request under other names, as if as many people had asked for as many tenants. */
async function copyRequests(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into switchyard.requests
     select copy.* from switchyard.requests one, generate_series(2, $1) n,
       lateral jsonb_populate_record(one, jsonb_build_object(
         'id', 'R-' || n, 'wish', 'wish ' || n, 'body', one.body::jsonb || jsonb_build_object('id', 'R-' || n))) copy`,
    [waiting],
  );
}
