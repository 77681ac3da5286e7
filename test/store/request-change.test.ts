import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { loseNextAnswer } from '../support/lose-next-answer.ts';
import { serverKinds } from '../support/postgres.ts';
import { auditOf, cardOf, nextRevision, sampleRequest } from '../support/sample-request.ts';
import { useRequestStore } from '../support/use-request-store.ts';

describe.each(serverKinds)('a change of a request on %s PostgreSQL', (kind) => {
  const world = useRequestStore(kind);

  it('is stored once when its answer is lost, with its audit entry', async () => {
    const request = sampleRequest();
    loseNextAnswer(world.pool);
    expect(await world.requests.create(request, [cardOf(request)], auditOf(request))).toBe(true);
    const next = nextRevision(request);
    loseNextAnswer(world.pool);
    expect(await world.requests.save(next, [cardOf(next)], auditOf(next))).toBe(true);

    expect(await world.requests.get(request.id)).toEqual(next);
    expect([await world.auditCount(request.id), await world.effectCount(request.id)]).toEqual([2, 2]);
  });

  it('is known to be stored when its answer is lost, also when somebody has changed more since', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [], auditOf(request));
    const next = nextRevision(request);
    const after = nextRevision(next);
    loseNextAnswer(world.pool, () => world.requests.save(after, [], auditOf(after)));

    expect(await world.requests.save(next, [cardOf(next)], auditOf(next))).toBe(true);
    expect([await world.requests.get(request.id), await world.effectCount(request.id)]).toEqual([after, 1]);
  });

  it('is stored once when its connection breaks while the server is at it', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [], auditOf(request));
    const other = await world.pool.connect();
    await other.query('begin');
    await other.query('select from switchyard.audit_head for update');
    const broken = new Promise<void>((resolve) => {
      world.pool.once('acquire', (client) => {
        // The server has the statement and waits for the trail when its client goes away.
        setImmediate(() => {
          (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
          resolve();
        });
      });
    });
    const saving = world.requests.save(nextRevision(request), [cardOf(request)], auditOf(request));
    await broken;
    await other.query('commit');
    other.release();

    expect(await saving).toBe(true);
    expect([await world.auditCount(request.id), await world.effectCount(request.id)]).toEqual([2, 1]);
  });

  it('is not stored at all when its audit entry cannot be written', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [], auditOf(request));
    const broken = { ...auditOf(request), detail: { no: 1n as unknown as number } };

    await expect(world.requests.save(nextRevision(request), [cardOf(request)], broken)).rejects.toThrow();
    await world.pool.query(`alter function switchyard.append_audit(uuid, text) rename to append_audit_away`);
    await expect(world.requests.save(nextRevision(request), [cardOf(request)], auditOf(request))).rejects.toThrow();
    await world.pool.query(`alter function switchyard.append_audit_away(uuid, text) rename to append_audit`);

    expect([await world.requests.get(request.id), await world.effectCount(request.id)]).toEqual([request, 0]);
  });
});
