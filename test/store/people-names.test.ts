import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('are missing, and hold up nothing, while the database is away', async () => {
    const ended = await migratedPool(await server.newDatabase());
    await ended.end();
    const names = new PostgresPeopleNames(ended);
    names.learn(ada.objectId, 'Ada');
    expect([...(await names.of([ben.objectId]))]).toEqual([]);
  });
});
