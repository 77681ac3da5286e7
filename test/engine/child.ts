// A process with an engine, to be killed: `node child.ts <database url>`. Writes "ready" once it works.
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { databaseClock } from '../../src/adapters/database/database-clock.ts';
import { createDurable } from '../../src/adapters/durable/create-durable.ts';
import { Session } from '../../src/adapters/store/session.ts';
import type { DurableFunction } from '../../src/core/durable.ts';
import type { Json } from '../../src/core/json.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { silentLog } from '../support/silent-log.ts';

const url = process.argv[2] ?? '';
const pool = await migratedPool(url);
const session = new Session(pool, 20_000);

/** Every step leaves a row when it runs, so that a second run of a stored step shows. */
async function leaveTrace(run: string, step: number): Promise<number> {
  const value = randomInt(1_000_000);
  await session.query('insert into trace (run, step, value, pid) values ($1, $2, $3, $4)', [
    run,
    step,
    value,
    process.pid,
  ]);
  return value;
}

async function finish(run: string, result: Json): Promise<null> {
  await session.query('insert into finished (run, result) values ($1, $2) on conflict do nothing', [
    run,
    JSON.stringify(result),
  ]);
  return null;
}

const work: DurableFunction = {
  name: 'work@1',
  async run(durable, { steps, milliseconds }) {
    const values: number[] = [];
    for (let step = 1; step <= Number(steps); step += 1) {
      const value = await durable.step(`step ${step}`, async () => {
        await pause(Number(milliseconds));
        return leaveTrace(durable.id, step);
      });
      values.push(value);
    }
    await durable.step('finish', () => finish(durable.id, values));
  },
};

const wait: DurableFunction = {
  name: 'wait@1',
  async run(durable, { seconds }) {
    const got = await durable.receive('go', new Date(Date.now() + Number(seconds) * 1000));
    await durable.step('finish', () => finish(durable.id, got));
  },
};

const engine = createDurable({
  url,
  pool,
  clock: await databaseClock(pool),
  log: silentLog(),
  functions: [work, wait],
});
await engine.launch();
process.on('message', (call) => {
  const { kind, ...rest } = call as { kind: 'start' } & Parameters<typeof engine.start>[0];
  if (kind === 'start') void engine.start(rest).then(() => process.send?.(`started ${rest.id}`));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
