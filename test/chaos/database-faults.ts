import { setTimeout as pause } from 'node:timers/promises';
import { readPostmasterFile } from '../../src/adapters/database/postmaster.ts';
import { ChaosWorld, type DatabaseKind } from './chaos-world.ts';
import { randomFrom } from './random.ts';
import { type Row, Tally } from './row.ts';
import { workSideBySide } from './side-by-side.ts';
import { until } from './until.ts';

const tenantsAtATime = 3;

/** All connections are cut again and again, 50 to 500 ms apart, while requests are carried out. */
export async function cutConnections(database: DatabaseKind, seconds: number): Promise<Row> {
  const tally = new Tally(`database connections cut every 50-500 ms (${database})`);
  await using world = await ChaosWorld.start({ database });
  const random = randomFrom(7);
  await underFault(world, seconds, tally, async () => {
    await world.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name <> 'chaos'`,
    );
    await pause(50 + random() * 450);
  });
  return tally.row();
}

/** The server is killed every few seconds; the bot has to start its own again. */
export async function killServer(seconds: number): Promise<Row> {
  const tally = new Tally('database server killed every 3 s (embedded)');
  await using world = await ChaosWorld.start({ database: 'embedded' });
  await underFault(world, seconds, tally, async () => {
    const pid = await until('the database server', async () => readPostmasterFile(await world.cluster())?.pid);
    process.kill(pid, 'SIGKILL');
    await pause(3000);
  });
  return tally.row();
}

/** The server is stopped for a while in the middle of everything; clicks meanwhile must be answered all the same. */
export async function stopServer(seconds: number): Promise<Row> {
  const tally = new Tally(`database stopped for ${seconds} s (external)`);
  await using world = await ChaosWorld.start({ database: 'external' });
  const { server } = world;
  if (!server) throw new Error('This fault needs an external server.');
  const work = new AbortController();
  const working = workSideBySide(world, tenantsAtATime, work.signal, tally);
  await pause(6000);
  await server.stop();
  tally.ran();
  const back = pause(seconds * 1000).then(() => server.start());
  tally.found(await wordsWhileAway(world));
  await back;
  work.abort();
  await working;
  return tally.row();
}

async function underFault(world: ChaosWorld, seconds: number, tally: Tally, fault: () => Promise<void>): Promise<void> {
  const ended = Date.now() + seconds * 1000;
  const work = new AbortController();
  const working = workSideBySide(world, tenantsAtATime, work.signal, tally);
  while (Date.now() < ended) {
    await fault();
    tally.ran();
  }
  work.abort();
  await working;
}

/** Whoever writes meanwhile is told, within the time that Teams waits, and the program says that it is not ready. */
async function wordsWhileAway(world: ChaosWorld): Promise<string[]> {
  const began = performance.now();
  const said = { as: 'omar', conversation: 'mail-ops', text: 'pending' };
  const { status } = await world.control<{ status: number | null }>('messages', said);
  const seconds = (performance.now() - began) / 1000;
  return seconds < 15 && status !== null ? [] : [`a message was not answered: status ${status} after ${seconds} s`];
}
