import { beforeAll, describe, expect, it } from 'vitest';
import { PostgresSetUpStore } from '../../src/adapters/store/postgres-set-up-store.ts';
import type { SetUp } from '../../src/core/set-up.ts';
import { eventually } from '../support/eventually.ts';
import { serverKinds } from '../support/postgres.ts';
import { auditOf, cardOf, nextRevision, sampleRequest } from '../support/sample-request.ts';
import { useRequestStore } from '../support/use-request-store.ts';

const tenantId = 'c0000000-0000-4000-8000-000000000001';
const gateway = { gateway: 'exchangedefender', gatewayVersion: '1', ranges: ['192.0.2.0/24'], mxPatterns: ['^mx'] };
const connector = { connector: 'Switchyard inbound', locked: false, health: 'planned' } as const;
const setUp: SetUp = { tenantId, domain: 'contoso.com', ...gateway, ...connector };

describe.each(serverKinds)('set-ups on %s PostgreSQL', (kind) => {
  const world = useRequestStore(kind);
  let setUps: PostgresSetUpStore;

  beforeAll(() => {
    setUps = new PostgresSetUpStore(world.pool);
  });

  it('writes set-ups in the transaction of their request, the latest one wins', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [{ kind: 'set-up', setUp }], auditOf(request));
    const next = nextRevision(request);
    const both = [setUp, { ...setUp, locked: true }].map((one) => ({ kind: 'set-up' as const, setUp: one }));
    await world.requests.save(next, both, null);
    await world.requests.save(next, [{ kind: 'set-up', setUp: { ...setUp, locked: false } }], null);

    expect(await setUps.ofTenant(setUp.tenantId)).toEqual([{ ...setUp, locked: true }]);
    expect(await setUps.all()).toEqual([{ ...setUp, locked: true }]);
    expect(await setUps.ofTenant('somebody else')).toEqual([]);
  });

  it('stores one set-up for fifty world.requests at once, each with its entry in the trail', async () => {
    const many = Array.from({ length: 50 }, () => sampleRequest());
    const shared = { kind: 'set-up', setUp: { ...setUp, tenantId: 'shared' } } as const;
    const stored = await Promise.all(
      many.map((one) => world.requests.create(one, [shared, cardOf(one)], auditOf(one))),
    );
    expect(stored).toEqual(many.map(() => true));
    const { rowCount } = await world.pool.query(`select from switchyard.audit where entry ->> 'requestId' = any($1)`, [
      many.map(({ id }) => id),
    ]);
    expect([rowCount, await setUps.ofTenant('shared')]).toEqual([50, [shared.setUp]]);
  });

  it('keeps nobody waiting for the end of the trail while it waits for a set-up', async () => {
    const first = sampleRequest();
    const effect = { kind: 'set-up', setUp: { ...setUp, tenantId: 'busy' } } as const;
    await world.requests.create(first, [effect], auditOf(first));
    const other = await world.pool.connect();
    await other.query('begin');
    await other.query(`select from switchyard.set_ups where tenant_id = 'busy' for update`);
    const saving = world.requests.save(nextRevision(first), [effect], auditOf(first));
    await eventually(async () => {
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return (await world.pool.query(waiting)).rowCount === 1;
    });
    await other.query('select from switchyard.audit_head for update nowait');
    await other.query('commit');
    other.release();
    expect(await saving).toBe(true);
  });

  it('gives a set-up that was stored without the version of its gateway back with the first one', async () => {
    const { gatewayVersion: _, ...older } = { ...setUp, tenantId: 'older' };
    const sql = 'insert into switchyard.set_ups (tenant_id, gateway, body) values ($1, $2, $3)';
    await world.pool.query(sql, [older.tenantId, older.gateway, JSON.stringify(older)]);
    expect(await setUps.ofTenant('older')).toEqual([{ ...older, gatewayVersion: '1' }]);
  });

  it('lists the set-ups of a tenant by key of the gateway, whichever was written first', async () => {
    const request = sampleRequest();
    const written = ['zix', 'barracuda-us', 'barracuda'].map((gateway) => ({ ...setUp, tenantId: 'two', gateway }));
    const effects = written.map((one) => ({ kind: 'set-up' as const, setUp: one }));
    await world.requests.create(request, effects, auditOf(request));
    expect((await setUps.ofTenant('two')).map(({ gateway }) => gateway)).toEqual(['barracuda', 'barracuda-us', 'zix']);
  });
});
