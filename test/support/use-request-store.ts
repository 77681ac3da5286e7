import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { migratedPool } from './migrated-pool.ts';
import { type ServerKind, startServer, type TestServer } from './postgres.ts';

/** A database of its own for the tests of one group, with a store of requests on it. Filled before the first test. */
export interface RequestStoreWorld {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly requests: PostgresRequestStore;
  /** The address of one more, empty database on the same server. */
  newDatabase(): Promise<string>;
  /** How many entries of the audit trail are about this request. */
  auditCount(requestId: string): Promise<number>;
  /** How many effects of this request were ever stored. */
  effectCount(requestId: string): Promise<number>;
}

export function useRequestStore(kind: ServerKind): RequestStoreWorld {
  const world = {} as { -readonly [Part in keyof RequestStoreWorld]: RequestStoreWorld[Part] };
  const count = async (sql: string, requestId: string) => (await world.pool.query(sql, [requestId])).rowCount ?? 0;
  world.auditCount = (id) => count(`select from switchyard.audit where entry ->> 'requestId' = $1`, id);
  world.effectCount = (id) => count('select from switchyard.outbox where request_id = $1', id);
  world.newDatabase = () => server.newDatabase();
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(kind);
    world.url = await server.newDatabase();
    world.pool = await migratedPool(world.url);
    world.requests = new PostgresRequestStore(world.pool);
  });

  afterAll(async () => {
    await world.pool?.end();
    await server?.stop();
  });

  return world;
}
