import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseClock } from '../../src/adapters/database/database-clock.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { createGate } from '../../src/core/gate.ts';
import { fixedPolicy } from '../../src/core/policy/policy-source.ts';
import { openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import { planUnder } from '../core/time-plan.ts';
import { eventually } from '../support/eventually.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { ben, rita } from '../support/people.ts';
import { testPolicy } from '../support/policy.ts';
import { startServer, type TestServer } from '../support/postgres.ts';
import { auditOf } from '../support/sample-request.ts';

const minute = 60_000;
const count = 12;
const tellTime = { machine: 0, product: 0, real: 0 };

describe('two processes whose clocks disagree, over one database', () => {
  let server: TestServer;
  let url: string;
  let pool: pg.Pool;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startServer('external');
    url = await server.newDatabase();
    pool = await migratedPool(url);
  });

  afterAll(async () => {
    for (const child of children) child.disconnect();
    await Promise.all(children.map((child) => once(child, 'exit')));
    await pool?.end();
    await server?.stop();
  });

  it('mean the same time, act once and never early, while one is 5 minutes ahead and one jumps by an hour', async () => {
    const clock = await databaseClock(pool);
    const now = clock.now();
    const frozenTill = new Date(now.getTime() + 2500);
    const freeze = { from: '2020-01-01T00:00:00Z', to: frozenTill.toISOString(), reason: 'Quarter end' };
    const policy = testPolicy({ remindBeforeMinutes: [1], decideWithinMinutes: 2, freezes: [freeze] });
    const store = new PostgresRequestStore(pool, undefined, () => clock.now());
    const gate = createGate(store, clock, fixedPolicy(policy));
    const held = await planned(store, gate, policy, 'held', now);
    const vote = { type: 'approve', actor: ben, digest: held.plan?.digest ?? '', nonce: held.nonce } as const;
    await gate.submit(held.id, vote);
    await gate.submit(held.id, { type: 'confirmed', plan: planUnder(policy, 'held') });
    const dueAt = new Date(now.getTime() + 2000);
    for (let one = 0; one < count; one += 1) await planned(store, gate, policy, `waits-${one}`, now);
    // As if they had waited for a while: the reminder is due at `dueAt`.
    await pool.query(
      `update switchyard.requests set next_due = $1, decide_by = $2, body = jsonb_set(jsonb_set(jsonb_set(body::jsonb,
         '{decideBy}', to_jsonb($3::text)), '{clocks,nextDue}', to_jsonb($4::text)),
         '{clocks,awaitedSince}', '"2026-01-01T00:00:00.000Z"')::json
       where state = 'awaiting-approval'`,
      [dueAt, at(dueAt, minute), at(dueAt, minute), dueAt.toISOString()],
    );

    const ahead = await start(5 * minute, policy.document);
    const behind = await start(-60 * minute, policy.document);
    const told = [await timeOf(ahead, 5 * minute), await timeOf(behind, 60 * minute)];
    for (const { product, real } of told) expect(Math.abs(product - real)).toBeLessThan(1500);
    expect(told.map(({ machine, real }) => Math.round((machine - real) / minute))).toEqual([5, 60]);

    // The approver’s receipt, the news that it is held back in two places, and the reminders in two places.
    await eventually(async () => (await effects('notice')).length === 1 + 2 + 2 * count, 40_000);
    await eventually(async () => (await effects('start')).filter(isRun).length === 1, 40_000);
    await timeOf(ahead, -60 * minute);
    const after = clock.now().getTime() + 500;
    await eventually(() => Promise.resolve(clock.now().getTime() > after), 5000);

    const reminders = (await effects('notice')).filter(({ effect }) => effect.notice?.kind === 'reminder');
    expect(reminders).toHaveLength(2 * count);
    expect(new Set(reminders.map(({ effect }) => effect.id)).size).toBe(2 * count);
    for (const { due_at: doneAt } of reminders) expect(doneAt.getTime()).toBeGreaterThanOrEqual(dueAt.getTime() - 50);
    const starts = (await effects('start')).filter(isRun);
    expect(starts).toHaveLength(1);
    expect(starts[0]?.due_at.getTime()).toBeGreaterThanOrEqual(frozenTill.getTime() - 50);
    const { rows } = await pool.query<{ action: string; n: number }>(
      `select entry->>'action' as action, count(*)::integer as n from switchyard.audit
       where entry->>'action' in ('reminded', 'start-due') group by 1 order by 1`,
    );
    expect(rows).toEqual([
      { action: 'reminded', n: count },
      { action: 'start-due', n: 1 },
    ]);
    await clock[Symbol.asyncDispose]();
  }, 120_000);

  type Stored = { effect: { id?: string; notice?: { kind: string }; call?: { id: string } }; due_at: Date };
  const isRun = ({ effect }: Stored): boolean => effect.call?.id.includes(':run:') === true;

  async function effects(kind: string): Promise<Stored[]> {
    return (await pool.query<Stored>('select effect, due_at from switchyard.outbox where kind = $1', [kind])).rows;
  }

  async function start(skewMs: number, document: object): Promise<ChildProcess> {
    const env = { ...process.env, DATABASE_URL: url, POLICY: JSON.stringify(document), CLOCK_SKEW_MS: String(skewMs) };
    const child = fork(fileURLToPath(new URL('../support/due-process.ts', import.meta.url)), { env });
    children.push(child);
    await once(child, 'message');
    return child;
  }

  /** What time it is there, after its machine's clock was set. */
  async function timeOf(child: ChildProcess, skewMs: number): Promise<typeof tellTime> {
    child.send(skewMs);
    const [told] = await once(child, 'message');
    return told as typeof tellTime;
  }
});

function at(date: Date, plusMs: number): string {
  return new Date(date.getTime() + plusMs).toISOString();
}

async function planned(
  store: PostgresRequestStore,
  gate: ReturnType<typeof createGate>,
  policy: ReturnType<typeof testPolicy>,
  name: string,
  now: Date,
): Promise<ProvisioningRequest> {
  const wanted = { id: `R-${name}`, workflow: 'w', version: 1, title: name, tenant: { id: 't', name: 'Contoso' } };
  const request = openRequest({ ...wanted, input: { name }, requester: rita, conversation: 'c' }, 'nonce', now);
  await store.create(request, [], auditOf(request, 'requested'));
  const result = await gate.submit(request.id, { type: 'planned', plan: planUnder(policy, name) });
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.request;
}
