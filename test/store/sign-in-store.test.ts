import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresSignInStore } from '../../src/adapters/store/postgres-sign-in-store.ts';
import type { AuditEntry } from '../../src/core/store.ts';
import type { SignInRequest } from '../../src/ports/sign-in.ts';
import { auditEventsOf } from '../support/audit-events.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';

const request: SignInRequest = {
  tenantId: '0b0b0b0b-0000-4000-8000-000000000001',
  objectId: '11111111-0000-4000-8000-000000000011',
  name: 'Ada',
  purpose: { kind: 'decision', requestId: 'R-22222222', verdict: 'approve', digest: '0'.repeat(16), nonce: 'abcdefgh' },
};
const signedIn = {
  tenantId: request.tenantId,
  objectId: request.objectId ?? '',
  name: 'Ada',
  at: '2026-11-21T09:00:00.000Z',
  contexts: ['c1'],
};
const came = { signedIn, browserHash: 'browser' };

describe.each(serverKinds)('sign-in store on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let pool: pg.Pool;
  let store: PostgresSignInStore;

  beforeAll(async () => {
    server = await startServer(kind);
    pool = await migratedPool(await server.newDatabase());
    store = new PostgresSignInStore(pool);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  async function added(seconds = 600): Promise<string> {
    const hash = randomUUID();
    await store.add(hash, request, seconds);
    return hash;
  }

  const many = (work: () => Promise<boolean>): Promise<boolean[]> => Promise.all(Array.from({ length: 20 }, work));

  it('gives back what a link was made for, and who came', async () => {
    const hash = await added();
    expect(await store.find(hash)).toEqual({
      request,
      state: 'open',
      isExpired: false,
      signedIn: null,
      browserHash: null,
    });
    expect(await store.settle(hash, came, null)).toBe(true);
    expect(await store.find(hash)).toMatchObject({ state: 'signed-in', ...came });
    expect(await store.find(randomUUID())).toBeNull();
  });

  it('lets one of many settle a link, and one of many use it, in that order', async () => {
    const hash = await added();
    expect(await store.use(hash)).toBe(false);
    expect((await many(() => store.settle(hash, came, null))).filter(Boolean)).toHaveLength(1);
    expect((await many(() => store.use(hash))).filter(Boolean)).toHaveLength(1);
    expect(await store.settle(hash, came, null)).toBe(false);
    expect(await store.find(hash)).toMatchObject({ state: 'used' });
  });

  it('lets nobody use a link that failed or has expired', async () => {
    const failed = await added();
    expect(await store.settle(failed, 'failed', null)).toBe(true);
    expect(await store.settle(failed, came, null)).toBe(false);
    expect(await store.use(failed)).toBe(false);
    const late = await added(0);
    expect(await store.settle(late, came, null)).toBe(false);
    expect(await store.find(late)).toMatchObject({ isExpired: true, state: 'open' });
  });

  it('writes what became of a link together with its entry in the trail, and only when it became that', async () => {
    const hash = await added();
    const entry = (outcome: AuditEntry['outcome']): AuditEntry => ({
      action: 'sign-in',
      requestId: hash,
      tenantId: request.tenantId,
      actor: null,
      outcome,
      detail: {},
    });
    const noted = async () => (await auditEventsOf(pool, hash)).map(({ outcome }) => outcome);
    await Promise.all(Array.from({ length: 5 }, () => store.settle(hash, came, entry('accepted'))));
    expect(await noted()).toEqual(['accepted']);
    const broken = await added();
    const unwritable = { ...entry('accepted'), requestId: broken, detail: { no: 1n as unknown as number } };
    await expect(store.settle(broken, came, unwritable)).rejects.toThrow();
    expect(await store.find(broken)).toMatchObject({ state: 'open' });
    await store.note(entry('refused'));
    expect(await noted()).toEqual(['accepted', 'refused']);
  });

  it('makes states with one key in every process', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => new PostgresSignInStore(pool).signingKey()));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });
});
