import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointFile } from '../../src/adapters/audit/checkpoint-file.ts';
import { noteBundle } from '../../src/adapters/store/note-bundle.ts';
import { PostgresAuditTrail } from '../../src/adapters/store/postgres-audit-trail.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { evidenceText } from '../../src/app/audit-verdicts.ts';
import { AuditEventSchema, requestHash } from '../../src/core/audit/audit-event.ts';
import { originOf } from '../../src/core/audit/audit-trail.ts';
import { type AuditRecord, chainEntry, genesis, type Link } from '../../src/core/audit/chain.ts';
import { checkpointNote, readCheckpoints, readVerifierKey, verifierKeyLine } from '../../src/core/audit/checkpoint.ts';
import {
  type EvidenceBundle,
  type EvidenceWitnesses,
  readBundle,
  verifyBundle,
} from '../../src/core/audit/evidence.ts';
import { signCheckpoint } from '../../src/core/audit/keep-checkpoints.ts';
import { makeBundle } from '../../src/core/audit/make-bundle.ts';
import { sha256 } from '../../src/core/json.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { startServer, type TestServer, temporaryFolder } from '../support/postgres.ts';
import { auditOf, nextRevision, sampleRequest } from '../support/sample-request.ts';
import { liveOneLife } from './one-life.ts';

const kept = { plans: [], policies: [] };

/** Faults that these bundles have anyway: they are made without the plan and the policy of the request. */
const besides = /^(?:Plan 1, which was put up|The plan that (?:Ada|Zoe) decided)/u;

describe('the evidence of a request', () => {
  let server: TestServer;
  let folder: string;
  let signingKey: KeyObject;
  let pool: pg.Pool;
  let trail: PostgresAuditTrail;
  let requests: PostgresRequestStore;
  let book: CheckpointFile;

  beforeAll(async () => {
    server = await startServer('embedded');
  });

  beforeEach(async () => {
    folder = temporaryFolder();
    pool = await migratedPool(await server.newDatabase());
    trail = new PostgresAuditTrail(pool);
    requests = new PostgresRequestStore(pool);
    signingKey = generateKeyPairSync('ed25519').privateKey;
    book = new CheckpointFile(folder, signingKey);
    return async () => {
      await pool.end();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  afterAll(async () => {
    await server?.stop();
  });

  const publicKey = (): string => readFileSync(join(folder, 'public-key'), 'utf8');
  const copy = () => readCheckpoints(readFileSync(join(folder, 'checkpoints'), 'utf8'), readVerifierKey(publicKey()));

  /** As the command line makes one. */
  const bundleOf = async (id: string): Promise<EvidenceBundle> => {
    const { request, noted } = await noteBundle(pool, id);
    await signCheckpoint(trail, book);
    const sources = { trail, checkpoints: copy(), publicKey: publicKey() };
    const made = await makeBundle(request, kept, sources, 'seq' in noted ? noted.seq : null);
    const read = readBundle(JSON.stringify(made));
    if (!read) throw new Error('It is not read as a bundle.');
    return read;
  };

  const verify = (bundle: EvidenceBundle, witnesses: Partial<EvidenceWitnesses> = {}) => {
    const verdict = verifyBundle(bundle, { publicKey: publicKey(), checkpoints: null, ...witnesses });
    return { ...verdict, faults: verdict.faults.filter((fault) => !besides.test(fault)) };
  };

  const ended = (): Promise<ProvisioningRequest> => liveOneLife(requests, new FakeClock());

  const open = async (): Promise<ProvisioningRequest> => {
    const request = sampleRequest();
    await requests.create(request, [], auditOf(request, 'requested'));
    return request;
  };

  it('is proven as soon as it is taken out, also by a copy of the checkpoints that was taken then', async () => {
    const bundle = await bundleOf((await ended()).id);
    expect(verify(bundle)).toMatchObject({ faults: [], unproven: [], exportedAt: expect.any(String) });
    await liveOneLife(requests, new FakeClock());
    await signCheckpoint(trail, book);
    expect(verify(bundle, { checkpoints: copy() })).toMatchObject({ faults: [], unproven: [] });
    expect(verify(await bundleOf(bundle.request.id), { checkpoints: copy() })).toMatchObject({
      faults: [],
      unproven: [],
    });
  });

  it('of an ended request cannot pose as that of an open one with other words', async () => {
    const bundle = await bundleOf((await ended()).id);
    const { request } = bundle;
    const posing = {
      ...request,
      state: 'running' as const,
      revision: request.revision + 1,
      title: 'Something harmless',
      tenant: { id: 'x', name: 'Another customer' },
      outcome: null,
    };
    const { faults } = verify({ ...bundle, request: posing });
    expect(faults).toContain('The request is not the one that was exported.');
    expect(faults).toContainEqual(expect.stringContaining('Does not hold: The stored request'));
  });

  it('misses every entry that is left out at its end, refusals too', async () => {
    const request = await ended();
    await requests.record({ ...auditOf(request, 'approve'), outcome: 'refused', reason: 'It is over.' });
    const bundle = await bundleOf(request.id);
    const { length } = bundle.entries;
    for (let left = 1; left < length; left += 1) {
      const shorter = { ...bundle, entries: bundle.entries.slice(0, left) };
      const fault = `The request had ${length} entries when it was exported, the bundle has ${left}.`;
      expect(verify(shorter).faults).toContain(fault);
      const posing = { ...request, state: 'running' as const, revision: request.revision + 1 };
      expect(verify({ ...shorter, request: posing }).faults).toContain(fault);
    }
  });

  it('is not proven without the entry of its export, and not with that of another one', async () => {
    const request = await ended();
    const first = await bundleOf(request.id);
    await requests.record({ ...auditOf(request, 'approve'), outcome: 'refused', reason: 'It is over.' });
    const second = await bundleOf(request.id);
    const other = await bundleOf((await ended()).id);
    expect(verify({ ...second, closing: null })).toMatchObject({
      faults: [],
      unproven: [expect.stringContaining('entries at its end may be missing')],
    });
    const swaps: [EvidenceBundle['closing'], string][] = [
      [first.closing, 'The request had 9 entries when it was exported, the bundle has 10.'],
      [other.closing, 'The closing entry is not that of an export of this request.'],
    ];
    for (const [closing, fault] of swaps) expect(verify({ ...second, closing }).faults).toContain(fault);
  });

  it('says of an open request that it was open, and holds it to what it was then', async () => {
    const request = await open();
    const running = nextRevision(request, { state: 'running' });
    await requests.save(running, [], auditOf(request, 'run-started'));
    // As while a proof is looked for.
    await requests.save(nextRevision(running), [], null);
    const bundle = await bundleOf(request.id);
    const verdict = verify(bundle);
    expect(verdict.unproven).toEqual([]);
    expect(verdict.controls).toContainEqual({
      question: 'The stored request is the one the trail last saw',
      holds: true,
      fact: 'revision 3, audited up to 2',
    });
    const text = evidenceText(bundle, { ...verdict, faults: [] }, true);
    expect(text).toContain('The request was still open then (running): what came of it is not in this bundle.');
    const altered = { ...bundle, request: { ...bundle.request, title: 'Something harmless' } };
    expect(verify(altered).faults).toContain('The request is not the one that was exported.');
  });

  it('is right also when the request goes on while it is taken out', async () => {
    const request = await open();
    let isOver = false;
    let now = request;
    const busy = async (): Promise<void> => {
      while (!isOver) {
        now = nextRevision(now);
        await requests.save(now, [], auditOf(request, 'reminded'));
        await requests.record({ ...auditOf(request, 'approve'), outcome: 'refused', reason: 'Not yours.' });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const others = busy();
    try {
      for (let count = 0; count < 10; count += 1) {
        const bundle = await bundleOf(request.id);
        expect(verify(bundle)).toMatchObject({ faults: [], unproven: [] });
        expect(requestHash(bundle.request)).toBe(JSON.parse(bundle.closing?.entry.entry ?? '{}').detail.sha256);
      }
    } finally {
      isOver = true;
      await others;
    }
  });

  /** Everything in it anew, with another name, as somebody can who has no key; `sign` is what they put at its ends. */
  const forged = (bundle: EvidenceBundle, sign: (end: Link) => string): EvidenceBundle => {
    const request = JSON.parse(JSON.stringify(bundle.request).replaceAll('"Ada"', '"Zoe"')) as ProvisioningRequest;
    const end = { revision: request.revision, sha256: requestHash(request) };
    const texts = [...bundle.entries, ...(bundle.closing ? [bundle.closing.entry] : [])].map(({ entry }) => entry);
    const records: AuditRecord[] = [];
    for (const text of texts) {
      const event = AuditEventSchema.parse(JSON.parse(text.replaceAll('"Ada"', '"Zoe"')));
      const isLast = event.after?.revision === request.revision;
      const after = isLast && event.after ? { ...event.after, ...end } : event.after;
      const detail = event.action === 'evidence-exported' ? { ...event.detail, ...end } : event.detail;
      records.push(chainEntry(records.at(-1) ?? genesis, { ...event, after, detail }));
    }
    const entries = records.slice(0, -1);
    const closing = records.slice(-1);
    const proven = (some: readonly AuditRecord[]) => ({
      path: some.map(({ entry }) => sha256(entry)),
      checkpoint: sign(some.at(-1) ?? genesis),
    });
    return {
      ...bundle,
      request,
      entries,
      ...proven(entries),
      closing: closing[0] ? { entry: closing[0], ...proven(closing) } : null,
    };
  };

  it('that is made up from end to end is not proven, with or without a checkpoint', async () => {
    const bundle = await bundleOf((await ended()).id);
    const bare = forged(bundle, () => '');
    const unproven = [9, 10].map((seq) => `The bundle carries no checkpoint that was signed after its entry ${seq}.`);
    expect(verify(bare)).toMatchObject({ faults: [], unproven });
    expect(verify(bare, { publicKey: null })).toMatchObject({ faults: [], unproven });
    expect(verify(bare, { checkpoints: copy() }).faults).not.toEqual([]);
    expect(evidenceText(bare, verify(bare), true)).toMatch(/^NOT PROVEN: The bundle carries no checkpoint/mu);
    const { privateKey: own, publicKey: ownPublic } = generateKeyPairSync('ed25519');
    const origin = originOf(await trail.id());
    const signed = forged(bundle, ({ seq, hash }) => checkpointNote({ origin, size: seq, root: hash }, own));
    expect(verify(signed).faults).toContainEqual(expect.stringContaining('valid signature'));
    // Only somebody else's key tells.
    const trusting = { publicKey: verifierKeyLine(origin, ownPublic) };
    expect(verify(signed, trusting)).toMatchObject({ faults: [], unproven: [] });
  });

  it('that is made up by whoever has the key does not agree with a copy of the checkpoints', async () => {
    const { id } = await ended();
    await signCheckpoint(trail, book);
    const old = copy();
    const bundle = await bundleOf(id);
    const origin = originOf(await trail.id());
    const sign = ({ seq, hash }: Link): string => checkpointNote({ origin, size: seq, root: hash }, signingKey);
    expect(verify(forged(bundle, sign))).toMatchObject({ faults: [], unproven: [] });
    expect(verify(forged(bundle, sign), { checkpoints: old }).faults).toContain(
      'The entries up to 9 are not those that your checkpoint was signed over.',
    );
  });

  it('is not proven by a copy of the checkpoints that is older than it, or empty', async () => {
    const { id } = await ended();
    await signCheckpoint(trail, book);
    const old = copy();
    const bundle = await bundleOf(id);
    const behind = (seq: number): string => `None of your checkpoints is on the path behind entry ${seq}.`;
    expect(verify(bundle, { checkpoints: old })).toMatchObject({ faults: [], unproven: [behind(10)] });
    expect(verify(bundle, { checkpoints: [] })).toMatchObject({ faults: [], unproven: [behind(9), behind(10)] });
  });
});
