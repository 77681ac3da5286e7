import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckpointFile } from '../../src/adapters/audit/checkpoint-file.ts';
import { loadSigningKey } from '../../src/adapters/audit/signing-key.ts';
import { urlOfRunning } from '../../src/adapters/database/embedded-postgres.ts';
import { type OpenDatabase, openDatabase } from '../../src/adapters/database/open-database.ts';
import { PostgresAuditTrail } from '../../src/adapters/store/postgres-audit-trail.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { chainEntry } from '../../src/core/audit/chain.ts';
import { signCheckpoint } from '../../src/core/audit/keep-checkpoints.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { testPolicy } from '../support/policy.ts';
import { putCluster, temporaryFolder } from '../support/postgres.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';
import { silentLog } from '../support/silent-log.ts';
import { liveOneLife } from './one-life.ts';
import { type Ran, runCli } from './run-cli.ts';

const contoso = 'c0000000-0000-4000-8000-000000000001';

describe('switchyard audit, where somebody had a hand in', () => {
  let folder: string;
  let dataDir: string;
  let database: OpenDatabase;
  let requests: PostgresRequestStore;
  let request: ProvisioningRequest;
  const run = (...args: string[]): Promise<Ran> => runCli(args, dataDir);
  const inAudit = (name: string): string => join(dataDir, 'audit', name);

  const verifyText = (text: string, ...options: string[]): Promise<Ran> => {
    const file = join(folder, randomUUID());
    writeFileSync(file, text);
    return run('audit', 'verify', '--file', file, ...options);
  };

  const asOwner = async (...statements: string[]): Promise<void> => {
    const owner = new pg.Client({ connectionString: (await urlOfRunning(dataDir, silentLog())) ?? '' });
    await owner.connect();
    await owner.query(
      [
        'alter table switchyard.audit disable trigger all',
        ...statements,
        'alter table switchyard.audit enable trigger all',
      ].join(';\n'),
    );
    await owner.end();
  };

  beforeAll(async () => {
    folder = temporaryFolder();
    dataDir = join(folder, 'data');
    await putCluster(dataDir);
    database = await openDatabase({ databaseUrl: null, dataDir }, silentLog());
    const clock = new FakeClock();
    const { version, document } = testPolicy();
    await database.pool.query(
      'insert into switchyard.approval_policies (number, version, document, at) values (1, $1, $2, now())',
      [version, JSON.stringify(document)],
    );
    requests = new PostgresRequestStore(database.pool, undefined, () => clock.now());
    request = await liveOneLife(requests, clock, contoso);
    const book = new CheckpointFile(inAudit(''), loadSigningKey(inAudit(''), null));
    await signCheckpoint(new PostgresAuditTrail(database.pool), book);
  });

  afterAll(async () => {
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['right behind the last entry', 1],
    ['far behind the last entry', 999_999],
  ])('finds what was inserted %s, and takes none of it out', async (_, distance) => {
    const { seq, hash } = await new PostgresAuditTrail(database.pool).head();
    const actor = { tenantId: 'home', objectId: 'x', name: 'The Stranger' };
    const event = auditEvent({ ...auditOf(request, 'approve'), actor }, new Date(), randomUUID(), null);
    const { entry, ...forged } = chainEntry({ seq: seq + distance - 1, hash }, event);
    await asOwner(
      `insert into switchyard.audit (seq, id, previous, hash, entry)
       values (${forged.seq}, '${event.id}', '${hash}', '${forged.hash}', ${pg.escapeLiteral(entry)})`,
    );
    const found = await run('audit', 'verify');
    expect(found).toMatchObject({ code: 1, out: expect.stringMatching(/^BROKEN at entry \d+: inserted\./u) });
    for (const args of [['report', '--tenant', contoso], ['export'], ['bundle', request.id]]) {
      const taken = await run('audit', ...args);
      expect(taken.code).toBe(1);
      expect(taken.out + taken.err).toContain('inserted');
      expect(taken.out).toContain('Ada');
      expect(taken.out).not.toContain('The Stranger');
    }
    await asOwner(`delete from switchyard.audit where id = '${event.id}'`);
    expect(await run('audit', 'verify')).toMatchObject({ code: 0 });
  });

  it('misses in the export of a tenant what was taken out of a request', async () => {
    const { out } = await run('audit', 'export', '--tenant', contoso);
    const lines = out.trimEnd().split('\n');
    expect(await verifyText(out, '--selection')).toMatchObject({ code: 0 });
    const cut = lines.filter((line) => !line.includes('Rita: approve'));
    expect(cut).toHaveLength(lines.length - 1);
    expect(await verifyText(cut.join('\n'), '--selection')).toMatchObject({
      code: 1,
      out: expect.stringContaining(`others of ${request.id} are missing`),
    });
  });

  it('shows no gap in a request whose entries have times that go back', async () => {
    let now = new Date('2026-11-21T09:00:00.000Z');
    const jumping = new PostgresRequestStore(database.pool, undefined, () => now);
    const odd = sampleRequest(contoso, now);
    await jumping.create(odd, [], auditOf(odd, 'requested'));
    for (const at of ['10:00:01', '09:59:59', '10:00:02', '11:00:00', '10:59:59']) {
      now = new Date(`2026-11-21T${at}.000Z`);
      await jumping.record(auditOf(odd, at));
    }
    const period = ['--from', '2026-11-21T10:00:00Z', '--to', '2026-11-21T11:00:00Z'];
    const { out } = await run('audit', 'export', '--tenant', contoso, ...period);
    expect(out.split('\n').filter((line) => line.includes(odd.id))).toHaveLength(3);
    expect(await verifyText(out, '--selection')).toMatchObject({ code: 0 });
  });

  it('calls no bundle of an open request whole without saying so', async () => {
    const open = sampleRequest(contoso);
    await requests.create(open, [], auditOf(open, 'requested'));
    const { out } = await run('audit', 'bundle', open.id);
    const found = await verifyText(out, '--key', inAudit('public-key'));
    expect(found.code).toBe(0);
    expect(found.out).toMatch(/is whole as of its export at \S+ The request was still open then \(planning\)/u);
  });

  it('takes out what is not proven where nothing can be signed, and says so both times', async () => {
    renameSync(inAudit('signing-key.pem'), inAudit('elsewhere'));
    const { code, out, err } = await run('audit', 'bundle', request.id);
    renameSync(inAudit('elsewhere'), inAudit('signing-key.pem'));
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('No checkpoint could be signed') });
    for (const options of [[], ['--key', inAudit('public-key')]]) {
      const found = await verifyText(out, ...options);
      expect(found).toMatchObject({ code: 1, out: expect.stringMatching(/^NOT PROVEN: .*carries no checkpoint/mu) });
    }
  });

  it('does not read a bundle of an earlier version as proven', async () => {
    const { closing, ...earlier } = JSON.parse((await run('audit', 'bundle', request.id)).out);
    expect(closing).toBeTypeOf('object');
    const found = await verifyText(JSON.stringify(earlier), '--key', inAudit('public-key'));
    expect(found).toMatchObject({
      code: 1,
      out: expect.stringContaining('NOT PROVEN: It lacks the entry of its export'),
    });
  });
});
