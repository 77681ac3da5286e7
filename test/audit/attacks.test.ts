import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostgresAuditTrail } from '../../src/adapters/store/postgres-audit-trail.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { type AuditRecord, chainEntry, genesis, type Link } from '../../src/core/audit/chain.ts';
import type { Checkpoint } from '../../src/core/audit/checkpoint.ts';
import type { ChainVerdict } from '../../src/core/audit/verify-chain.ts';
import { verifyTrail } from '../../src/core/audit/verify-trail.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds, startServer, type TestServer } from '../support/postgres.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';
import { allOf } from './sample-trail.ts';

const length = 30;

describe.each(serverKinds)('the audit trail on %s PostgreSQL', (kind) => {
  let server: TestServer;
  let pool: pg.Pool;
  let trail: PostgresAuditTrail;
  let written: AuditRecord[];
  let signed: Checkpoint;

  beforeAll(async () => {
    server = await startServer(kind);
  });

  beforeEach(async () => {
    pool = await migratedPool(await server.newDatabase());
    trail = new PostgresAuditTrail(pool);
    const requests = new PostgresRequestStore(pool);
    const request = sampleRequest();
    await requests.create(request, [], auditOf(request));
    await Promise.all(Array.from({ length: length - 1 }, (_, at) => requests.record(auditOf(request, `click ${at}`))));
    written = await allOf(trail.records());
    signed = { origin: 'switchyard/x', size: 20, root: written[19]?.hash ?? '' };
  });

  afterAll(async () => {
    await server?.stop();
  });

  /** As the owner of the tables can, with the trigger out of the way. */
  const attack = async (...statements: string[]): Promise<void> => {
    const sql = [
      'alter table switchyard.audit disable trigger all',
      ...statements,
      'alter table switchyard.audit enable trigger all',
    ];
    await pool.query(sql.join(';\n'));
  };

  const verdict = async (): Promise<ChainVerdict> => {
    const found = await verifyTrail(trail, [signed]);
    await pool.end();
    return found.verdict;
  };

  /** Numbers are unique at every moment, so they are moved by way of negative ones. */
  const move = (from: number, by: number): string => `
    update switchyard.audit set seq = -seq where seq >= ${from};
    update switchyard.audit set seq = -seq + ${by} where seq < 0`;

  const insert = ({ seq, previous, hash, entry }: AuditRecord): string =>
    `insert into switchyard.audit (seq, id, previous, hash, entry)
     values (${seq}, '${randomUUID()}', '${previous}', '${hash}', ${pg.escapeLiteral(entry)})`;

  it('is written as the program would chain it, and is whole', async () => {
    let last: Link = genesis;
    for (const record of written) {
      expect(record).toEqual(chainEntry(last, JSON.parse(record.entry)));
      last = record;
    }
    expect(written).toHaveLength(length);
    expect(await verdict()).toMatchObject({ intact: true, entries: length, signedSize: 20 });
  });

  it('takes an entry once that is appended twice', async () => {
    const entry = written[0]?.entry ?? '';
    const { id } = JSON.parse(entry) as { id: string };
    await pool.query('select switchyard.append_audit($1, $2)', [id, entry]);
    expect(await verdict()).toMatchObject({ intact: true, entries: length });
  });

  it('shows an edited entry', async () => {
    await attack(`update switchyard.audit set entry = replace(entry::text, 'Rita', 'Omar')::json where seq = 12`);
    expect(await verdict()).toMatchObject({ intact: false, how: 'edited', seq: 12 });
  });

  it('shows an entry that was edited by as little as a space', async () => {
    await attack(`update switchyard.audit set entry = (entry::text || ' ')::json where seq = 12`);
    expect(await verdict()).toMatchObject({ intact: false, how: 'edited', seq: 12 });
  });

  it('shows a deleted entry, also when the numbers were closed up', async () => {
    await attack('delete from switchyard.audit where seq = 12', move(13, -1));
    expect(await verdict()).toMatchObject({ intact: false, how: 'deleted', seq: 12 });
  });

  it('shows an inserted entry, also when it fits the one before', async () => {
    const event = auditEvent(auditOf(sampleRequest(), 'approve'), new Date(), randomUUID(), null);
    await attack(move(12, 1), insert(chainEntry(written[10] ?? genesis, event)));
    expect(await verdict()).toMatchObject({ intact: false, how: 'inserted', seq: 12 });
  });

  it('shows an entry that was inserted behind the last', async () => {
    const event = auditEvent(auditOf(sampleRequest(), 'approve'), new Date(), randomUUID(), null);
    await attack(insert(chainEntry(written.at(-1) ?? genesis, event)));
    expect(await verdict()).toMatchObject({ intact: false, how: 'inserted', seq: length + 1 });
  });

  it.each([
    ['right behind the last', length + 1, 1],
    ['far behind the last', 1_000_000, 1],
    ['behind the last with a hash of another place', length + 3, 12],
  ])('shows an entry that was inserted %s', async (_, seq, after) => {
    const event = auditEvent(auditOf(sampleRequest(), 'approve'), new Date(), randomUUID(), null);
    const previous = after === 1 ? written.at(-1) : written[after];
    await attack(insert(chainEntry({ seq: seq - 1, hash: previous?.hash ?? '' }, event)));
    expect(await verdict()).toMatchObject({ intact: false, how: 'inserted', seq });
  });

  it('shows entries that changed places', async () => {
    await attack(
      'update switchyard.audit set seq = -12 where seq = 12',
      'update switchyard.audit set seq = 12 where seq = 13',
      'update switchyard.audit set seq = 13 where seq = -12',
    );
    expect(await verdict()).toMatchObject({ intact: false, how: 'reordered', seq: 12 });
  });

  it('shows a trail that was cut off, also when the head was set back to match', async () => {
    const { seq, hash } = written[14] ?? genesis;
    await attack(
      `delete from switchyard.audit where seq > ${seq}`,
      `update switchyard.audit_head set seq = ${seq}, hash = '${hash}'`,
    );
    expect(await verdict()).toMatchObject({ intact: false, how: 'truncated', seq: 16 });
  });

  it('shows a trail that was written anew from an entry on, head and all', async () => {
    const anew = written.slice(0, 11);
    for (const { entry } of written.slice(11)) {
      anew.push(chainEntry(anew.at(-1) ?? genesis, JSON.parse(entry.replace('"Rita"', '"Omar"'))));
    }
    await attack(
      'delete from switchyard.audit where seq > 11',
      ...anew.slice(11).map(insert),
      `update switchyard.audit_head set hash = '${anew.at(-1)?.hash}'`,
    );
    expect(await verdict()).toMatchObject({ intact: false, how: 'rewritten', seq: 1 });
  });
});
