import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresConsentStore } from '../../src/adapters/store/postgres-consent-store.ts';
import { consentName } from '../../src/core/consent-name.ts';
import { auditEventsOf } from '../support/audit-events.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';

const request = {
  tenantId: 'c0000000-0000-4000-8000-000000000001',
  requesterId: '11111111-0000-4000-8000-000000000001',
  conversation: 'channel;messageid=1',
};

describe.each(serverKinds)('consent store on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let pool: pg.Pool;
  let url: string;

  beforeAll(async () => {
    server = await startServer(kind);
    url = await server.newDatabase();
    pool = await migratedPool(url);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it('signs with one key in every process, made by whoever comes first', async () => {
    const other = await migratedPool(url);
    const stores = [pool, other, pool, other].map((one) => new PostgresConsentStore(one));
    const keys = await Promise.all(stores.map(async (store) => Buffer.from(await store.signingKey()).toString('hex')));
    await other.end();
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/u);
  });

  it('lets one of many take a link', async () => {
    const store = new PostgresConsentStore(pool);
    await store.add('one', request, 600, { actor: null });
    expect(await store.find('one')).toEqual(request);
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.take('one', 45)));
    expect(taken.filter((one) => one === 'ours')).toHaveLength(1);
    expect(taken.filter((one) => one === 'in-hand')).toHaveLength(19);
  });

  it('lets a link be taken again that somebody took and died with, even when it has expired meanwhile', async () => {
    const store = new PostgresConsentStore(pool);
    await store.add('left', request, 600, { actor: null });
    expect(await store.take('left', 45)).toBe('ours');
    expect(await store.take('left', 45)).toBe('in-hand');
    const aged = `update switchyard.consents set taken_at = taken_at - interval '46 seconds', expires_at = now()
      where id = 'left'`;
    await pool.query(aged);
    const taken = await Promise.all([store.take('left', 45), store.take('left', 45)]);
    expect(taken.toSorted()).toEqual(['in-hand', 'ours']);
    await store.settle('left', { kind: 'granted' });
    await pool.query(aged);
    expect(await store.take('left', 45)).toBe('over');
  });

  it('lets nobody take a link that has expired or was never given out', async () => {
    const store = new PostgresConsentStore(pool);
    await store.add('late', request, 0, { actor: null });
    expect(await store.take('late', 45)).toBe('over');
    expect(await store.take('never', 45)).toBe('over');
    expect(await store.find('never')).toBeNull();
  });

  it('remembers what became of a link, for a month', async () => {
    const store = new PostgresConsentStore(pool);
    await store.add('kept', request, 600, { actor: null });
    expect(await store.outcomeOf('kept')).toEqual({ kind: 'open' });
    await store.settle('kept', { kind: 'refused', reason: 'The administrator declined.' });
    expect(await store.outcomeOf('kept')).toEqual({ kind: 'refused', reason: 'The administrator declined.' });
    await pool.query(`update switchyard.consents set expires_at = now() - interval '31 days' where id = 'kept'`);
    await store.add('next', request, 600, { actor: null });
    expect(await store.outcomeOf('kept')).toBeNull();
  });

  it('gives out a link and its entry in the trail together, or neither', async () => {
    const store = new PostgresConsentStore(pool);
    const rita = { tenantId: 'home', objectId: 'rita', name: 'Rita' };
    await store.add('asked', request, 600, { actor: rita, source: { conversation: 'mail-ops' } });
    expect(await auditEventsOf(pool, consentName('asked'))).toMatchObject([
      { action: 'consent-asked', tenantId: request.tenantId, actor: rita, source: { conversation: 'mail-ops' } },
    ]);
    const unwritable = { ...rita, name: 1n as unknown as string };
    await expect(store.add('broken', request, 600, { actor: unwritable })).rejects.toThrow();
    expect(await store.find('broken')).toBeNull();
  });

  it('tells people and the audit trail once what became of a link, without naming its id', async () => {
    const store = new PostgresConsentStore(pool);
    await store.add('news', request, 600, { actor: null });
    await store.settle('news', { kind: 'granted' });
    await store.settle('news', { kind: 'refused', reason: 'Somebody came back again.' });
    expect(await store.outcomeOf('news')).toEqual({ kind: 'granted' });
    const effects = await pool.query(`select lane, effect from switchyard.outbox where request_id = $1`, [
      consentName('news'),
    ]);
    expect(effects.rows).toEqual([{ lane: 'chat', effect: { kind: 'consent', consentId: 'news', isNews: true } }]);
    const audit = await pool.query(`select entry from switchyard.audit where entry ->> 'requestId' = $1`, [
      consentName('news'),
    ]);
    expect(audit.rows).toMatchObject([
      { entry: { action: 'consent-asked' } },
      { entry: { action: 'consent-answered', outcome: 'accepted', actor: null } },
    ]);
  });

  it('remembers where the card of a link is, and asks for it to be drawn', async () => {
    const store = new PostgresConsentStore(pool);
    await store.add('shown', request, 600, { actor: null });
    expect(await store.cardOf('shown')).toBeNull();
    await store.shownOn('shown', { conversation: request.conversation, messageId: '17' });
    expect(await store.cardOf('shown')).toEqual({ conversation: request.conversation, messageId: '17' });
    const { rows } = await pool.query(`select effect from switchyard.outbox where request_id = $1`, [
      consentName('shown'),
    ]);
    expect(rows).toEqual([{ effect: { kind: 'consent', consentId: 'shown', isNews: false } }]);
  });

  it('knows how long a link can still be used', async () => {
    const store = new PostgresConsentStore(pool);
    await store.add('soon', request, 600, { actor: null });
    expect(await store.secondsLeft('soon')).toBeGreaterThan(590);
    await store.take('soon', 45);
    expect(await store.secondsLeft('soon')).toBe(0);
    expect(await store.secondsLeft('late')).toBe(0);
    expect(await store.secondsLeft('never')).toBe(0);
  });
});
