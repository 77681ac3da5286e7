import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostgresPlanStore } from '../../src/adapters/store/postgres-plan-store.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import type { KeptPlan } from '../../src/core/kept-plan.ts';
import { samplePlan } from '../../src/views/samples.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { auditOf, nextRevision, sampleRequest } from '../support/sample-request.ts';

describe.each(serverKinds)('plans on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let pool: pg.Pool;
  let requests: PostgresRequestStore;
  let plans: PostgresPlanStore;

  beforeAll(async () => {
    server = await startServer(kind);
    pool = await migratedPool(await server.newDatabase());
  });

  beforeEach(() => {
    requests = new PostgresRequestStore(pool);
    plans = new PostgresPlanStore(pool);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  const kept = (requestId: string, version: number): KeptPlan => ({
    requestId,
    version,
    at: '2026-11-21T14:05:00.000Z',
    plan: { ...samplePlan, title: `plan ${version} with \u0000 and \ud83d\ude00` },
  });

  it('are kept with the change that puts them up, oldest first, and not without it', async () => {
    const request = sampleRequest();
    await requests.create(request, [], auditOf(request));
    const first = nextRevision(request);
    expect(await requests.save(first, [{ kind: 'plan', kept: kept(request.id, 1) }], null)).toBe(true);
    expect(await requests.save(first, [{ kind: 'plan', kept: kept(request.id, 2) }], null)).toBe(false);
    const second = nextRevision(first);
    expect(await requests.save(second, [{ kind: 'plan', kept: kept(request.id, 2) }], null)).toBe(true);
    expect(await plans.ofRequest(request.id)).toEqual([kept(request.id, 1), kept(request.id, 2)]);
    expect(await plans.ofRequest('R-22222222')).toEqual([]);
    const { rows } = await pool.query('select from switchyard.outbox where request_id = $1', [request.id]);
    expect(rows).toEqual([]);
  });

  it.each([`update switchyard.plans set digest = 'x'`, 'delete from switchyard.plans', 'truncate switchyard.plans'])(
    'are not changed once they are kept: %s',
    async (sql) => {
      await expect(pool.query(sql)).rejects.toThrow('append-only');
    },
  );
});
