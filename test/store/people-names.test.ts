import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PostgresPeopleNames } from '../../src/adapters/store/postgres-people-names.ts';
import { eventually } from '../support/eventually.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { ada, ben } from '../support/people.ts';
import { startServer, type TestServer } from '../support/postgres.ts';

describe('names of people', () => {
  let server: TestServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await startServer('embedded');
    pool = await migratedPool(await server.newDatabase());
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it('are known to every process once one has heard them, and follow a change', async () => {
    const [one, other] = [new PostgresPeopleNames(pool), new PostgresPeopleNames(pool)];
    one.learn(ada.objectId.toUpperCase(), 'Ada');
    one.learn(ben.objectId, ' ');
    const named = async (names: PostgresPeopleNames) =>
      (await names.of([ada.objectId, ben.objectId])).get(ada.objectId);
    expect(await named(one)).toBe('Ada');
    await eventually(async () => (await named(other)) === 'Ada');
    one.learn(ada.objectId, 'Ada Okafor');
    await eventually(async () => (await named(new PostgresPeopleNames(pool))) === 'Ada Okafor');
    expect([...(await one.of([ben.objectId]))]).toEqual([]);
  });

  it('are written in one statement when many are heard at once', async () => {
    const statements = vi.spyOn(pool, 'query');
    const names = new PostgresPeopleNames(pool);
    const ids = Array.from({ length: 50 }, (_, at) => `33333333-0000-4000-8000-0000000000${at + 10}`);
    for (const id of ids) names.learn(id, `Person ${id.slice(-2)}`);
    await eventually(async () => (await new PostgresPeopleNames(pool).of(ids)).size === 50);
    const writes = statements.mock.calls.filter(([sql]) => String(sql).startsWith('insert'));
    statements.mockRestore();
    expect(writes).toHaveLength(1);
  });

  it('are missing, and hold up nothing, while the database is away', async () => {
    const ended = await migratedPool(await server.newDatabase());
    await ended.end();
    const names = new PostgresPeopleNames(ended);
    names.learn(ada.objectId, 'Ada');
    expect([...(await names.of([ben.objectId]))]).toEqual([]);
  });
});
