import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresAuditTrail } from '../../src/adapters/store/postgres-audit-trail.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { storable } from '../../src/adapters/store/storable.ts';
import { verifyTrail } from '../../src/core/audit/verify-trail.ts';
import { auditEventsOf } from '../support/audit-events.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { auditOf, nextRevision, noticeOf, sampleRequest } from '../support/sample-request.ts';

const odd = 'nul \u0000 half \ud83d, other half \ude00, whole \u{1f600} \\u0000';
const kept = 'nul  half \ufffd, other half \ufffd, whole \u{1f600} \\u0000';

describe('storable', () => {
  it('cleans texts and names wherever they are, and touches nothing else', () => {
    const value = { [odd]: [odd, { a: odd }, null, 1.5, true], at: undefined };
    expect(storable(value)).toEqual({ [kept]: [kept, { a: kept }, null, 1.5, true], at: undefined });
  });
});

describe.each(serverKinds)('texts that JSON has and %s PostgreSQL cannot read', (kind) => {
  let server: TestServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await startServer(kind);
    pool = await migratedPool(await server.newDatabase());
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it('keep no entry out of the trail, which has the hash of what is stored', async () => {
    const requests = new PostgresRequestStore(pool);
    const request = { ...sampleRequest(), title: odd };
    const actor = { tenantId: 'home', objectId: 'odd', name: odd };
    const entry = { ...auditOf(request), actor, reason: odd, detail: { [odd]: odd, list: [odd] } };
    expect(await requests.create(request, [noticeOf(request, odd)], entry)).toBe(true);
    await requests.record(entry);
    expect(await requests.save(nextRevision(request), [noticeOf(request, 'later')], entry)).toBe(true);
    const events = await auditEventsOf(pool, request.id);
    expect(events.map(({ turn }) => turn)).toEqual([1, 2, 3]);
    expect(events[1]).toMatchObject({ actor: { name: kept }, reason: kept, detail: { [kept]: kept, list: [kept] } });
    expect((await verifyTrail(new PostgresAuditTrail(pool), [])).verdict).toMatchObject({ intact: true, entries: 3 });
    const { rows } = await pool.query(`select effect ->> 'id' as id from switchyard.outbox order by outbox.id`);
    expect(rows).toEqual([{ id: kept }, { id: 'later' }]);
  });
});
