import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostgresSubscriptionStore } from '../../src/adapters/store/postgres-subscription-store.ts';
import { subscriptionEntry } from '../../src/core/subscription-entry.ts';
import { loseNextAnswer } from '../support/lose-next-answer.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { ada, home } from '../support/people.ts';
import { startServer, type TestServer } from '../support/postgres.ts';

const topic = { kind: 'all' } as const;
const wish = { conversation: 'a:ada', topic, digest: null, timeZone: null, by: ada };
const entry = (action: 'subscribed' | 'unsubscribed') => subscriptionEntry(action, topic, home, { actor: ada });

describe('a subscription', () => {
  let server: TestServer;
  let pool: pg.Pool;
  let store: PostgresSubscriptionStore;

  beforeAll(async () => {
    server = await startServer('embedded');
    pool = await migratedPool(await server.newDatabase());
  });

  beforeEach(() => {
    store = new PostgresSubscriptionStore(pool);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  async function trail(): Promise<string[]> {
    const { rows } = await pool.query<{ action: string }>(
      `select entry ->> 'action' as action from switchyard.audit order by seq`,
    );
    return rows.map(({ action }) => action);
  }

  it('whose commit is not answered is on record once, and its end as well', async () => {
    loseNextAnswer(pool);
    await store.put(wish, entry('subscribed'));
    expect(await trail()).toEqual(['subscribed']);

    loseNextAnswer(pool);
    expect(await store.remove(wish.conversation, topic, entry('unsubscribed'))).toBe(true);
    expect(await trail()).toEqual(['subscribed', 'unsubscribed']);
    expect(await store.of(wish.conversation)).toEqual([]);
  });

  it('whose commit is not answered is not made again over what came after it', async () => {
    await store.put(wish, entry('subscribed'));
    loseNextAnswer(pool, () => store.remove(wish.conversation, topic, entry('unsubscribed')));
    await store.put(wish, entry('subscribed'));
    expect(await store.of(wish.conversation)).toEqual([]);
    expect((await trail()).slice(-2)).toEqual(['subscribed', 'unsubscribed']);
  });

  it('that is not there is not removed, and nothing is on record', async () => {
    const before = await trail();
    expect(await store.remove('a:nobody', topic, entry('unsubscribed'))).toBe(false);
    expect(await trail()).toEqual(before);
  });
});
