import { rmSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckpointFile } from '../../src/adapters/audit/checkpoint-file.ts';
import { loadSigningKey } from '../../src/adapters/audit/signing-key.ts';
import { urlOfRunning } from '../../src/adapters/database/embedded-postgres.ts';
import { type OpenDatabase, openDatabase } from '../../src/adapters/database/open-database.ts';
import { PostgresAuditTrail } from '../../src/adapters/store/postgres-audit-trail.ts';
import { PostgresConsentStore } from '../../src/adapters/store/postgres-consent-store.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { readBundle, verifyBundle } from '../../src/core/audit/evidence.ts';
import { signCheckpoint } from '../../src/core/audit/keep-checkpoints.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { auditEventsOf } from '../support/audit-events.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { testPolicy } from '../support/policy.ts';
import { putCluster, temporaryFolder } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { liveOneLife } from './one-life.ts';
import { type Ran, runCli } from './run-cli.ts';

const contoso = 'c0000000-0000-4000-8000-000000000001';
const fabrikam = 'c0000000-0000-4000-8000-000000000002';

const { version, document } = testPolicy();

interface Bundle {
  readonly entries: unknown[];
  readonly path: string[];
  readonly request: { readonly title: string };
  readonly plans: { readonly plan: object }[];
  readonly policies: { readonly document: object }[];
}

function withPlan(bundle: Bundle, edit: object): Bundle {
  return { ...bundle, plans: bundle.plans.map((kept) => ({ ...kept, plan: { ...kept.plan, ...edit } })) };
}

function withPolicy(bundle: Bundle, edit: object): Bundle {
  return { ...bundle, policies: bundle.policies.map((one) => ({ ...one, document: { ...one.document, ...edit } })) };
}

function faultsOf(bundle: Bundle): readonly string[] {
  const read = readBundle(JSON.stringify(bundle));
  return read ? verifyBundle(read, { publicKey: null, checkpoints: null }).faults : ['no bundle'];
}

describe('switchyard audit', () => {
  let folder: string;
  let dataDir: string;
  let database: OpenDatabase;
  let request: ProvisioningRequest;
  const inFolder = (name: string): string => join(folder, name);
  const checkpoints = (): string[] => ['--checkpoints', join(dataDir, 'audit/checkpoints'), '--key', keyFile()];
  const keyFile = (): string => join(dataDir, 'audit/public-key');

  /** Where nothing else is said, without any database in reach. */
  const run = (args: readonly string[], data = inFolder('nowhere')): Promise<Ran> => runCli(args, data);

  const written = (name: string, text: string): string => {
    writeFileSync(inFolder(name), text);
    return inFolder(name);
  };

  beforeAll(async () => {
    folder = temporaryFolder();
    dataDir = inFolder('data');
    await putCluster(dataDir);
    database = await openDatabase({ databaseUrl: null, dataDir }, silentLog());
    const clock = new FakeClock();
    await database.pool.query(
      'insert into switchyard.approval_policies (number, version, document, at) values (1, $1, $2, now())',
      [version, JSON.stringify(document)],
    );
    const store = new PostgresRequestStore(database.pool, undefined, () => clock.now());
    await liveOneLife(store, clock, fabrikam);
    request = await liveOneLife(store, clock, contoso);
    await liveOneLife(store, clock, fabrikam);
    const auditFolder = join(dataDir, 'audit');
    const book = new CheckpointFile(auditFolder, loadSigningKey(auditFolder, null));
    await signCheckpoint(new PostgresAuditTrail(database.pool), book);
    clock.advance(86_400);
    await liveOneLife(store, clock, contoso);
  });

  afterAll(async () => {
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    `insert into switchyard.audit values (99, gen_random_uuid(), '', '', '{}')`,
    `update switchyard.audit set hash = ''`,
    'delete from switchyard.audit',
    'truncate switchyard.audit',
    `update switchyard.audit_head set seq = 0`,
    'alter table switchyard.audit disable trigger all',
    'drop trigger audit_is_append_only on switchyard.audit',
    'create or replace function switchyard.refuse_audit_change() returns trigger language plpgsql as $$ begin end $$',
    'set role switchyard',
  ])('reads a trail that the program itself cannot touch: %s', async (sql) => {
    await expect(database.pool.query(sql)).rejects.toThrow(/permission denied|must be owner/u);
  });

  it('verifies the database beside the running bot, against its checkpoints', async () => {
    const { code, out } = await run(['audit', 'verify'], dataDir);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'The audit trail is whole: 36 entries up to number 36. Signed checkpoints agree up to number 27.\n',
    });
  });

  it('exports OCSF events that verify without the database, and not after a change', async () => {
    const { out } = await run(['audit', 'export'], dataDir);
    const lines = out.trimEnd().split('\n');
    const classes = lines.map((line) => JSON.parse(line).class_uid as number);
    // The verification before it and the export itself are on record too.
    expect(lines).toHaveLength(38);
    const { name } = JSON.parse(lines.at(-1) ?? '').actor.user;
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ comment: 'audit-exported', entity: { uid: 'audit-trail' } });
    expect(name).toBe(`${userInfo().username} on ${hostname()}`);
    expect(classes.slice(0, 9)).toEqual([3004, 3004, 3003, 3003, 3004, 3004, 6003, 3004, 3004]);
    const whole = written('export.jsonl', out);
    expect(await run(['audit', 'verify', '--file', whole, ...checkpoints()])).toMatchObject({
      code: 0,
      out: expect.stringContaining('agree up to number 27'),
    });
    expect((await run(['audit', 'verify', '--file', whole])).out).toContain('No signed checkpoint was compared');
    const attacks: [string, string][] = [
      [out.replace('"name\\":\\"Ada', '"name\\":\\"Bob'), 'edited'],
      [out.replace('"name":"Ada"', '"name":"Bob"'), 'does not show what its entry'],
      [lines.toSpliced(4, 1).join('\n'), 'deleted'],
      [lines.toSpliced(4, 0, lines[7] ?? '').join('\n'), 'reordered'],
      [lines.slice(0, 20).join('\n'), 'truncated'],
      [`${out}hello\n`, 'no line of an audit export'],
    ];
    for (const [text, how] of attacks) {
      expect(text).not.toBe(out);
      const broken = await run(['audit', 'verify', '--file', written('broken.jsonl', text), ...checkpoints()]);
      expect(broken).toMatchObject({ code: 1, out: expect.stringContaining(how) });
    }
  });

  it('exports one tenant and one day, which verify as selections', async () => {
    const args = ['audit', 'export', '--tenant', 'contoso', '--from', '2026-11-22', '--to', '2026-11-23'];
    const { out } = await run(args.with(3, contoso), dataDir);
    const ofRequests = out.split('\n').filter((line) => line.includes('"correlation_uid":"R-'));
    expect(ofRequests).toHaveLength(9);
    const some = written('some.jsonl', out);
    expect((await run(['audit', 'verify', '--file', some])).code).toBe(1);
    expect(await run(['audit', 'verify', '--file', some, '--selection'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^The selection holds together: .* does not show that the trail is whole/u),
    });
  });

  it('bundles the evidence of a request, which verifies without the database, and not after a change', async () => {
    const { out } = await run(['audit', 'bundle', request.id.toLowerCase()], dataDir);
    const file = written('bundle.json', out);
    const fine = await run(['audit', 'verify', '--file', file, '--key', keyFile()]);
    expect(fine).toMatchObject({ code: 0, out: expect.stringContaining(`evidence of ${request.id} is whole`) });
    expect(fine.out.match(/^yes\t/gmu)).toHaveLength(8);
    expect(fine.out).toMatch(/^yes\tWhoever approved it was in a ring that the policy of the plan named/mu);
    expect((await run(['audit', 'verify', '--file', file])).out).toContain('Compare it with the one you know');
    expect(await run(['audit', 'verify', '--file', file, ...checkpoints()])).toMatchObject({ code: 0 });
    expect(await run(['audit', 'verify', '--file', file, '--selection'])).toMatchObject({ code: 2 });
    const bundle = JSON.parse(out) as Bundle;
    const replaced: [Bundle, string][] = [
      [withPlan(bundle, { title: 'Something harmless' }), 'Plan 1 is not the plan that the trail names.'],
      [withPlan(bundle, { policy: 'another' }), 'Plan 1 is not the plan that the trail names.'],
      [{ ...bundle, plans: [] }, 'Plan 1, which was put up for a decision, is missing.'],
      [{ ...bundle, plans: [] }, 'The plan that Ada decided on (approve) is missing.'],
      [{ ...bundle, policies: [] }, `Policy ${version}, under which a plan of the bundle was made, is missing.`],
      [withPolicy(bundle, { decideWithinMinutes: 61 }), `Policy ${version} is not the policy that the plans name.`],
    ];
    for (const [changed, fault] of replaced) expect(faultsOf(changed)).toContain(fault);
    expect(faultsOf(bundle)).toEqual([]);
    for (const [index] of bundle.entries.entries()) {
      expect(faultsOf({ ...bundle, entries: bundle.entries.toSpliced(index, 1) })).not.toEqual([]);
    }
    const attacks: [unknown, string][] = [
      [{ ...bundle, request: { ...bundle.request, title: 'Something harmless' } }, 'stored request'],
      [{ ...bundle, entries: bundle.entries.toSpliced(3, 1) }, 'No entry shows that Ada decided'],
      [{ ...bundle, policies: [] }, 'is missing'],
      [{ ...bundle, path: bundle.path.with(-1, '0'.repeat(64)) }, 'does not end at the checkpoint'],
      [JSON.parse(out.replaceAll('\\"Ada', '\\"Bob')), 'was edited'],
    ];
    for (const [changed, how] of attacks) {
      const broken = written('broken.json', JSON.stringify(changed));
      const ran = await run(['audit', 'verify', '--file', broken, '--key', keyFile()]);
      expect(ran).toMatchObject({ code: 1, out: expect.stringContaining(how) });
    }
  });

  it('prints the plan that was decided on, as a text and as data', async () => {
    const text = await run(['plan', request.id.toLowerCase()], dataDir);
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toContain('## What will be done');
    expect(text.out).toContain("Set-InboundConnector -Identity 'Switchyard inbound' -Enabled $true");
    expect(text.out).toContain(String(request.plan?.digest));
    const data = await run(['plan', request.id, '--plan', '1', '--json'], dataDir);
    expect(JSON.parse(data.out)).toMatchObject({
      requestId: request.id,
      version: 1,
      plan: { digest: request.plan?.digest },
    });
  });

  it('reports what was asked, approved and run in a tenant', async () => {
    const { code, out } = await run(['audit', 'report', '--tenant', contoso, '--to', '2026-11-22'], dataDir);
    expect(code).toBe(0);
    expect(out).toContain(`| ${request.id} | Rita | Ada | done | yes |`);
    expect(out).toContain('- holds: Another person approved it (Ada at 2026-11-21T09:00:00.000Z).');
    expect(out).toContain('refused: You asked for this change');
    expect(out).toContain('Requests: 1. Every control holds for each of them.');
  });

  it('reports what belongs to no request beside the requests, and is in order all the same', async () => {
    const consents = new PostgresConsentStore(database.pool);
    const rita = { tenantId: 'home', objectId: 'rita', name: 'Rita' };
    await consents.add('link', { tenantId: contoso, requesterId: 'rita', conversation: null }, 600, { actor: rita });
    const { code, out } = await run(['audit', 'report', '--tenant', contoso], dataDir);
    expect(code).toBe(0);
    expect(out).toMatch(/## Beside the requests[\s\S]*Rita \(rita\) \| consent-asked \| consent:/u);
    expect(out).toMatch(/ on [^|]* \| audit-reported \| audit-trail/u);
    expect(out).not.toContain('GONE');
  });

  it('notes every export in the trail, and warns where it cannot', async () => {
    const bundled = await run(['audit', 'bundle', request.id], dataDir);
    expect(bundled).toMatchObject({ code: 0, err: '' });
    const noted = await auditEventsOf(database.pool, 'audit-trail');
    expect(noted.at(-1)).toMatchObject({
      action: 'evidence-exported',
      tenantId: contoso,
      detail: { request: request.id },
    });
    expect(noted.map(({ action }) => action)).toContain('audit-reported');
    expect(await run(['audit', 'verify'], dataDir)).toMatchObject({ code: 0 });
    const owner = new pg.Client({ connectionString: (await urlOfRunning(dataDir, silentLog())) ?? '' });
    await owner.connect();
    await owner.query('alter function switchyard.append_audit rename to hidden');
    const unseen = await run(['audit', 'bundle', request.id], dataDir);
    await owner.query('alter function switchyard.hidden rename to append_audit');
    await owner.end();
    expect(unseen).toMatchObject({ code: 0, err: expect.stringContaining('left no trace in the audit trail') });
    expect(unseen.out).toContain('switchyard-evidence');
  });

  it('says how it is called, with exit code 2 where it was called wrongly', async () => {
    expect(await run(['help'])).toMatchObject({ code: 0, out: expect.stringContaining('switchyard audit verify') });
    const wrong = [
      [],
      ['audit'],
      ['audit', 'sing'],
      ['audit', 'bundle'],
      ['audit', 'verify', '--tenant', 'x'],
      ['plan'],
      ['plan', 'R-22222222', '--tenant', 'x'],
      ['rights', contoso],
      ['rights', contoso, "x'; Remove-Mailbox"],
      ['--loud'],
    ];
    for (const args of wrong) {
      expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('audit export') });
    }
    expect(await run(['audit', 'verify'])).toMatchObject({ code: 1, err: expect.stringContaining('no database in') });
  });

  it('verifies a database whose bot does not run, and lets it start again', async () => {
    await database.close();
    expect(await run(['audit', 'verify'], dataDir)).toMatchObject({ code: 0 });
    database = await openDatabase({ databaseUrl: null, dataDir }, silentLog());
    expect(await run(['audit', 'verify', ...checkpoints()], dataDir)).toMatchObject({ code: 0 });
  });

  it('names what the owner of the database changed', async () => {
    const owner = new pg.Client({ connectionString: (await urlOfRunning(dataDir, silentLog())) ?? '' });
    await owner.connect();
    await owner.query(`
      alter table switchyard.audit disable trigger all;
      update switchyard.audit set entry = replace(entry::text, 'Ada', 'Bob')::json where seq = 13`);
    await owner.end();
    const { code, out } = await run(['audit', 'verify'], dataDir);
    expect({ code, out }).toEqual({
      code: 1,
      out: 'BROKEN at entry 13: edited. The content of entry 13 does not give its hash.\n',
    });
  });
});
