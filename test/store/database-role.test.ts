import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/database/open-database.ts';
import { PostgresAuditTrail } from '../../src/adapters/store/postgres-audit-trail.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { liveOneLife } from '../audit/one-life.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startServer, type TestServer } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';

describe('two roles on a server of the operator', () => {
  let server: TestServer;
  let ownerUrl: string;
  let plainUrl: string;
  const role = `plain_${randomBytes(4).toString('hex')}`;

  const asOwner = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    await client.query(sql);
    await client.end();
  };

  beforeAll(async () => {
    server = await startServer('external');
    ownerUrl = await server.newDatabase();
    await asOwner(`create role ${role} login password 'plain'`);
    const url = new URL(ownerUrl);
    url.username = role;
    url.password = 'plain';
    plainUrl = url.href;
  });

  afterAll(async () => {
    await asOwner(`drop owned by ${role}; drop role ${role}`);
    await server.stop();
  });

  it('let the program append to the audit trail and not change it', async () => {
    const open = () => openDatabase({ databaseUrl: plainUrl, databaseOwnerUrl: ownerUrl, dataDir: '' }, silentLog());
    const [first, second] = await Promise.all([open(), open()]);
    try {
      const clock = new FakeClock();
      await liveOneLife(new PostgresRequestStore(first.pool, undefined, () => clock.now()), clock);

      expect(await new PostgresAuditTrail(second.pool).head()).toMatchObject({ seq: expect.any(Number) });
      for (const sql of ['update switchyard.audit set hash = hash', 'delete from switchyard.audit']) {
        await expect(first.pool.query(sql)).rejects.toThrow('permission denied');
      }
    } finally {
      await first.close();
      await second.close();
    }
  });

  it('let the program add plans and policies, and neither change one nor switch off what guards them', async () => {
    const opened = await openDatabase({ databaseUrl: plainUrl, databaseOwnerUrl: ownerUrl, dataDir: '' }, silentLog());
    const forbidden = ['audit', 'audit_head', 'plans', 'approval_policies'].flatMap((table) => [
      `delete from switchyard.${table}`,
      `truncate switchyard.${table}`,
      `alter table switchyard.${table} disable trigger all`,
      `drop table switchyard.${table}`,
    ]);
    const changes = ['plans set digest = digest', 'approval_policies set version = version', 'audit_head set seq = 0'];
    try {
      for (const sql of [...forbidden, ...changes.map((change) => `update switchyard.${change}`)]) {
        await expect(opened.pool.query(sql), sql).rejects.toThrow(/permission denied|must be owner/);
      }
    } finally {
      await opened.close();
    }
  });

  it('are refused when the one that should be plain owns the tables', async () => {
    const url = new URL(ownerUrl);
    url.searchParams.set('application_name', 'same role, other address');

    await expect(
      openDatabase({ databaseUrl: url.href, databaseOwnerUrl: ownerUrl, dataDir: '' }, silentLog()),
    ).rejects.toMatchObject({ code: 'database', next: expect.stringContaining('plain role') });
  });
});
