import { setSkew } from './skewed-date.ts';

// A process that does what time brings about, on a machine whose clock is wrong. Asked for the time, it tells it.

import { setTimeout as pause } from 'node:timers/promises';
import { databaseClock } from '../../src/adapters/database/database-clock.ts';
import { createPool } from '../../src/adapters/database/open-database.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { lookOnce } from '../../src/core/due-loop.ts';
import { createGate } from '../../src/core/gate.ts';
import { approvalPolicy } from '../../src/core/policy/approval-policy.ts';
import { fixedPolicy } from '../../src/core/policy/policy-source.ts';
import { silentLog } from './silent-log.ts';

const pool = createPool(process.env['DATABASE_URL'] ?? '', silentLog());
const clock = await databaseClock(pool);
const store = new PostgresRequestStore(pool, undefined, () => clock.now());
const policies = fixedPolicy(approvalPolicy(JSON.parse(process.env['POLICY'] ?? '')));
const services = { store, clock, policies, gate: createGate(store, clock, policies) };
const ending = new AbortController();

process.on('message', (skew: number) => {
  setSkew(skew);
  process.send?.({
    machine: Date.now(),
    product: clock.now().getTime(),
    real: performance.timeOrigin + performance.now(),
  });
});
process.on('disconnect', () => ending.abort());
process.send?.('ready');
while (!ending.signal.aborted) {
  await lookOnce(services, ending.signal, (error) => process.send?.({ error: String(error) }));
  await pause(20);
}
await clock[Symbol.asyncDispose]();
await pool.end();
