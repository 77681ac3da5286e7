import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresPolicyStore } from '../../src/adapters/store/postgres-policy-store.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { policyVersionOf } from '../../src/core/policy/approval-policy.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { auditEventsOf } from '../support/audit-events.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { policyDocument } from '../support/policy.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

const first = policyDocument();
const longer = policyDocument({ decideWithinMinutes: 90 });

// Versions are kept for ever, so the tests go on from each other's.
describe.each(serverKinds)('policy store on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let pool: pg.Pool;
  let store: PostgresPolicyStore;
  let request: ProvisioningRequest;

  beforeAll(async () => {
    server = await startServer(kind);
    pool = await migratedPool(await server.newDatabase());
    store = new PostgresPolicyStore(pool);
    // A name of the directory is not always one that PostgreSQL can look into.
    request = { ...sampleRequest(), title: 'half \ud83d nul \u0000' };
    await new PostgresRequestStore(pool).create(request, [], auditOf(request));
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it('makes the first version once, and keeps it when the configuration changes', async () => {
    const entry = { ...auditOf(request, 'policy-begun'), requestId: 'approval-policy' };
    const made = await Promise.all([store.begin(first, entry), store.begin(first, entry)]);
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await store.begin(longer, entry)).toBe(false);
    expect(await auditEventsOf(pool, 'approval-policy')).toMatchObject([{ action: 'policy-begun' }]);
    expect(await store.latest()).toMatchObject({ number: 1, version: policyVersionOf(first), changedBy: null });
    expect((await store.current()).document).toEqual(first);
  });

  it('adds a version in the name of whoever asked for the request, which every process then sees', async () => {
    const other = new PostgresPolicyStore(pool);
    const { number } = await other.latest();
    expect(await store.add(number, longer, request.id)).toBe(true);
    const added = { number: number + 1, document: longer, changedBy: request.requester, requestId: request.id };
    expect(await store.latest()).toMatchObject(added);
    expect(await other.current()).toMatchObject({ version: policyVersionOf(longer) });
  });

  it('lets one of many that follow the same version win', async () => {
    const { number } = await store.latest();
    const added = await Promise.all(Array.from({ length: 8 }, () => store.add(number, first, request.id)));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect((await store.latest()).number).toBe(number + 1);
  });

  it('adds nothing in the name of a request there is not', async () => {
    const { number } = await store.latest();
    expect(await store.add(number, longer, 'R-22222222')).toBe(false);
    expect((await store.latest()).number).toBe(number);
  });

  it('is reset together with its audit entry, or not at all', async () => {
    const { number } = await store.latest();
    const entry = { ...auditOf(request, 'policy-reset'), requestId: 'approval-policy' };
    const count = async () => {
      const sql = "select from switchyard.audit where entry ->> 'action' = 'policy-reset'";
      return (await pool.query(sql)).rowCount;
    };
    expect(await store.reset(number - 1, longer, entry)).toBe(false);
    const broken = { ...entry, detail: { no: 1n as unknown as number } };
    await expect(store.reset(number, longer, broken)).rejects.toThrow();
    expect([(await store.latest()).number, await count()]).toEqual([number, 0]);
    expect(await store.reset(number, longer, entry)).toBe(true);
    expect([(await store.latest()).number, await count()]).toEqual([number + 1, 1]);
  });

  it.each([
    'update switchyard.approval_policies set number = 7',
    'delete from switchyard.approval_policies',
    'truncate switchyard.approval_policies',
  ])('has no version that can be changed or taken away: %s', async (sql) => {
    await expect(pool.query(sql)).rejects.toThrow('append-only');
  });
});
