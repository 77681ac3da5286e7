import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { auditEventsOf } from '../support/audit-events.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

const many = 5000;

describe.each(serverKinds)('the turn of an entry on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await startServer(kind);
    pool = await migratedPool(await server.newDatabase());
    // Entries of before there were turns, then many of a kind that belongs to no request; one is not part of the trail.
    await pool.query(`
      alter table switchyard.audit disable trigger all;
      insert into switchyard.audit select n, gen_random_uuid(), 'x', 'x', json_build_object('requestId', 'R-OLD')
        from generate_series(1, 3) n;
      insert into switchyard.audit select n, gen_random_uuid(), 'x', 'x',
        json_build_object('requestId', 'not-opened', 'turn', n - 3) from generate_series(4, ${many + 3}) n;
      insert into switchyard.audit values (${many * 2}, gen_random_uuid(), 'x', 'x', '{"requestId":"R-OLD","turn":99}');
      update switchyard.audit_head set seq = ${many + 3};
      analyze switchyard.audit`);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  /** Appends an entry; its turn, and how many entries were read for it. */
  const append = async (requestId: string): Promise<{ turn: number; reads: number }> => {
    const id = randomUUID();
    const event = auditEvent({ ...auditOf(sampleRequest()), requestId }, new Date(0), id, null);
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query('select switchyard.append_audit($1, $2)', [id, canonicalJson(event)]);
      const { rows: counts } = await client.query<{ reads: number }>(
        `select (seq_tup_read + idx_tup_fetch)::integer as reads from pg_stat_xact_user_tables
         where relid = 'switchyard.audit'::regclass`,
      );
      const { rows } = await client.query<{ turn: number }>(
        `select (entry ->> 'turn')::integer as turn from switchyard.audit where id = $1`,
        [id],
      );
      await client.query('commit');
      return { turn: rows[0]?.turn ?? 0, reads: counts[0]?.reads ?? 0 };
    } finally {
      client.release();
    }
  };

  it('is read off the one before, however many there are', async () => {
    for (const turn of [many + 1, many + 2]) {
      const appended = await append('not-opened');
      expect(appended.turn).toBe(turn);
      expect(appended.reads).toBeLessThan(10);
    }
    expect((await append('R-NEW')).reads).toBeLessThan(10);
  });

  it('goes on from entries that have none, and does not count what is behind the head', async () => {
    expect([(await append('R-OLD')).turn, (await append('R-OLD')).turn]).toEqual([4, 5]);
    expect([(await append('R-YOUNG')).turn, (await append('R-YOUNG')).turn]).toEqual([1, 2]);
    expect((await auditEventsOf(pool, 'R-YOUNG')).map(({ turn }) => turn)).toEqual([1, 2]);
  });
});
