import type { Socket } from 'node:net';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { loseNextAnswer } from '../support/lose-next-answer.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { auditOf, cardOf, nextRevision, sampleRequest } from '../support/sample-request.ts';

describe.each(serverKinds)('a change of a request on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let pool: pg.Pool;
  let requests: PostgresRequestStore;

  beforeAll(async () => {
    server = await startServer(kind);
    pool = await migratedPool(await server.newDatabase());
    requests = new PostgresRequestStore(pool);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  const auditCount = async (id: string): Promise<number> => {
    const sql = `select from switchyard.audit where entry->>'requestId' = $1`;
    return (await pool.query(sql, [id])).rowCount ?? 0;
  };

  const outboxCount = async (id: string): Promise<number> => {
    return (await pool.query('select from switchyard.outbox where request_id = $1', [id])).rowCount ?? 0;
  };

  it('is stored once when its answer is lost, with its audit entry', async () => {
    const request = sampleRequest();
    loseNextAnswer(pool);
    expect(await requests.create(request, [cardOf(request)], auditOf(request))).toBe(true);
    const next = nextRevision(request);
    loseNextAnswer(pool);
    expect(await requests.save(next, [cardOf(next)], auditOf(next))).toBe(true);

    expect(await requests.get(request.id)).toEqual(next);
    expect([await auditCount(request.id), await outboxCount(request.id)]).toEqual([2, 2]);
  });

  it('is known to be stored when its answer is lost, also when somebody has changed more since', async () => {
    const request = sampleRequest();
    await requests.create(request, [], auditOf(request));
    const next = nextRevision(request);
    const after = nextRevision(next);
    loseNextAnswer(pool, () => requests.save(after, [], auditOf(after)));

    expect(await requests.save(next, [cardOf(next)], auditOf(next))).toBe(true);
    expect([await requests.get(request.id), await outboxCount(request.id)]).toEqual([after, 1]);
  });

  it('is stored once when its connection breaks while the server is at it', async () => {
    const request = sampleRequest();
    await requests.create(request, [], auditOf(request));
    const other = await pool.connect();
    await other.query('begin');
    await other.query('select from switchyard.audit_head for update');
    const broken = new Promise<void>((resolve) => {
      pool.once('acquire', (client) => {
        // The server has the statement and waits for the trail when its client goes away.
        setImmediate(() => {
          (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
          resolve();
        });
      });
    });
    const saving = requests.save(nextRevision(request), [cardOf(request)], auditOf(request));
    await broken;
    await other.query('commit');
    other.release();

    expect(await saving).toBe(true);
    expect([await auditCount(request.id), await outboxCount(request.id)]).toEqual([2, 1]);
  });

  it('is not stored at all when its audit entry cannot be written', async () => {
    const request = sampleRequest();
    await requests.create(request, [], auditOf(request));
    const broken = { ...auditOf(request), detail: { no: 1n as unknown as number } };

    await expect(requests.save(nextRevision(request), [cardOf(request)], broken)).rejects.toThrow();
    await pool.query(`alter function switchyard.append_audit(uuid, text) rename to append_audit_away`);
    await expect(requests.save(nextRevision(request), [cardOf(request)], auditOf(request))).rejects.toThrow();
    await pool.query(`alter function switchyard.append_audit_away(uuid, text) rename to append_audit`);

    expect([await requests.get(request.id), await outboxCount(request.id)]).toEqual([request, 0]);
  });
});
