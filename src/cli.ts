#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { CheckpointFile, checkpointsName, publicKeyName } from './adapters/audit/checkpoint-file.ts';
import { presentSigningKey } from './adapters/audit/signing-key.ts';
import { type ReadDatabase, readDatabase } from './adapters/database/read-database.ts';
import { noteBundle } from './adapters/store/note-bundle.ts';
import { type Noted, noteExport, type Taken } from './adapters/store/note-export.ts';
import { PostgresAuditTrail } from './adapters/store/postgres-audit-trail.ts';
import { PostgresPlanStore } from './adapters/store/postgres-plan-store.ts';
import { PostgresPolicyStore } from './adapters/store/postgres-policy-store.ts';
import { PostgresRequestStore } from './adapters/store/postgres-request-store.ts';
import { bundle, type Exported, exportLines, report, requestNamed, selectionOf } from './app/audit-exports.ts';
import { evidenceText, selectionText, verdictText } from './app/audit-verdicts.ts';
import { cliHelp } from './app/cli-help.ts';
import { planText } from './app/plan-text.ts';
import { rightsText } from './app/rights-text.ts';
import { WrongCallError, wrongCall } from './app/wrong-call.ts';
import { readStorage } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { readEnvironment } from './config/env.ts';
import { type AuditTrail, originOf } from './core/audit/audit-trail.ts';
import { readCheckpoints, readVerifierKey, type SignedCheckpoint } from './core/audit/checkpoint.ts';
import { type EvidenceBundle, readBundle, verifyBundle } from './core/audit/evidence.ts';
import { signCheckpoint } from './core/audit/keep-checkpoints.ts';
import { readExport } from './core/audit/read-export.ts';
import { verifyChain } from './core/audit/verify-chain.ts';
import { type VerifiedTrail, verifyTrail } from './core/audit/verify-trail.ts';
import { OpsError } from './core/errors.ts';
import { createLogger } from './telemetry/log.ts';

type Options = ReturnType<typeof readArguments>['values'];

interface Opened extends Exported {
  readonly pool: ReadDatabase['pool'];
}

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      file: { type: 'string' },
      checkpoints: { type: 'string' },
      key: { type: 'string' },
      selection: { type: 'boolean', default: false },
      tenant: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      plan: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

async function main(): Promise<number> {
  const { positionals, values } = readArguments();
  const [area, command, ...rest] = positionals;
  if (values.help || area === 'help') return say(cliHelp, 0);
  if (area === 'plan' && command !== undefined && rest.length === 0 && onlyHas(values, ['plan', 'json'])) {
    return await withDatabase(async (opened) => {
      const request = await requestNamed(opened.requests, command);
      const text = planText(request, await opened.plans.ofRequest(request.id), values);
      await leaveTrace(opened.pool, {
        action: 'plan-viewed',
        tenantId: request.tenant.id,
        about: { request: request.id },
      });
      return say(text, 0);
    });
  }
  if (area === 'rights') return say(rightsAsked(positionals, values), 0);
  const known = allowedOptions[command ?? ''];
  if (area !== 'audit' || !known || rest.length !== (command === 'bundle' ? 1 : 0)) throw wrongCall();
  if (!onlyHas(values, known)) throw wrongCall();
  if (command === 'verify')
    return values.file === undefined ? await verifyDatabase(values) : verifyFile(values, values.file);
  return await withDatabase((opened) => exported(opened, command ?? '', rest[0] ?? '', values));
}

function rightsAsked([, appId, principalId, ...rest]: readonly string[], values: Options): string {
  if (appId === undefined || principalId === undefined || rest.length > 0 || !onlyHas(values, [])) throw wrongCall();
  return rightsText(appId, principalId);
}

/** What is taken out of the trail leaves a trace in it first. */
async function exported(opened: Opened, command: string, id: string, values: Options): Promise<number> {
  if (command === 'bundle') return await bundled(opened, id, values);
  const selection = await selectionOf(opened.requests, values);
  const { tenantId: tenant, from, to } = selection;
  if (command === 'report') {
    if (values.tenant === undefined || tenant === null) throw wrongCall();
    await leaveTrace(opened.pool, { action: 'audit-reported', tenantId: tenant, about: { from, to } });
    let isIntact = false;
    const { text, isWhole } = await report(opened, values.tenant, selection, async () => {
      const { verdict, head } = await verified(opened.trail, signedCheckpoints(values, auditFolder()));
      isIntact = verdict.intact;
      return { head, text: verdictText(verdict) };
    });
    return say(text, isIntact && isWhole ? 0 : 1);
  }
  await leaveTrace(opened.pool, { action: 'audit-exported', tenantId: tenant, about: { from, to } });
  const found = await verified(opened.trail, signedCheckpoints(values, auditFolder()));
  await pipeline(Readable.from(exportLines(opened.trail, selection, found.head.seq)), process.stdout, { end: false });
  return warned(found);
}

/** Everything is read up to the entry of the export, which a checkpoint that is signed now proves with the rest. */
async function bundled(opened: Opened, id: string, values: Options): Promise<number> {
  const named = await requestNamed(opened.requests, id);
  const { request, noted } = await noteBundle(opened.pool, named.id);
  warnUntraced(noted);
  const unsigned = await signNow(opened.trail);
  if (unsigned !== null) {
    warn(`No checkpoint could be signed, so this bundle does not verify unless one was signed before: ${unsigned}`);
  }
  const keyFile = join(auditFolder(), publicKeyName);
  const publicKey = existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : '';
  const checkpoints = signedCheckpoints(values, auditFolder());
  const found = await verified(opened.trail, checkpoints);
  const sources = { trail: opened.trail, checkpoints, publicKey };
  const closing = 'seq' in noted ? noted.seq : null;
  return say(await bundle(opened, request, sources, closing), warned(found));
}

/** Signs the end of the trail, which the bot does only every few minutes; null, or why it cannot be done here. */
async function signNow(trail: AuditTrail): Promise<string | null> {
  try {
    const key = presentSigningKey(auditFolder(), readStorage(readEnvironment()).auditSigningKeyFile);
    if (key === null) return 'the key of the bot is not on this machine.';
    await signCheckpoint(trail, new CheckpointFile(auditFolder(), key));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The exit code, with a warning where the trail that something is taken out of is not whole. */
function warned({ verdict }: VerifiedTrail): number {
  if (!verdict.intact) warn(verdictText(verdict));
  return verdict.intact ? 0 : 1;
}

async function leaveTrace(pool: Opened['pool'], taken: Taken): Promise<void> {
  warnUntraced(await noteExport(pool, taken));
}

function warnUntraced(noted: Noted): void {
  if ('why' in noted) warn(`This left no trace in the audit trail: ${noted.why}`);
}

function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

function onlyHas(values: Options, known: readonly string[]): boolean {
  return Object.entries(values).every(([name, value]) => value === false || known.includes(name));
}

const allowedOptions: Record<string, readonly string[] | undefined> = {
  verify: ['file', 'checkpoints', 'key', 'selection'],
  export: ['tenant', 'from', 'to'],
  report: ['tenant', 'from', 'to'],
  bundle: [],
};

async function verifyDatabase(options: Options): Promise<number> {
  if (options.selection) throw wrongCall();
  return await withDatabase(async ({ pool, trail }) => {
    const { verdict } = await verified(trail, signedCheckpoints(options, auditFolder()));
    await leaveTrace(pool, { action: 'audit-verified', tenantId: null, about: { intact: verdict.intact } });
    return say(`${verdictText(verdict)}\n`, verdict.intact ? 0 : 1);
  });
}

/** The checkpoints are read before this, because the bot signs more of them while it works. */
async function verified(trail: AuditTrail, checkpoints: readonly SignedCheckpoint[]): Promise<VerifiedTrail> {
  const origin = originOf(await trail.id());
  const foreign = checkpoints.find((checkpoint) => checkpoint.origin !== origin);
  if (foreign) {
    const explanation = `The checkpoints are about ${foreign.origin}, the database holds ${origin}.`;
    return { verdict: { intact: false, seq: 1, how: 'rewritten', explanation }, head: await trail.head() };
  }
  return await verifyTrail(trail, checkpoints);
}

async function verifyFile(options: Options, file: string): Promise<number> {
  const text = readFileSync(file, 'utf8');
  const evidence = readBundle(text);
  if (evidence) return verifyEvidence(evidence, options);
  const checkpoints = signedCheckpoints(options, null);
  const { records, fault } = readExport(text);
  if (fault) return say(`BROKEN in line ${fault.line}: ${fault.explanation}.\n`, 1);
  const { selection } = options;
  const verdict = await verifyChain(() => records, { checkpoints, selection });
  return say(`${selection ? selectionText(verdict) : verdictText(verdict)}\n`, verdict.intact ? 0 : 1);
}

function verifyEvidence(evidence: EvidenceBundle, options: Options): number {
  const { key, checkpoints, selection } = options;
  if (selection) throw wrongCall();
  const verdict = verifyBundle(evidence, {
    publicKey: key === undefined ? null : readFileSync(key, 'utf8'),
    checkpoints: checkpoints === undefined ? null : signedCheckpoints(options, null),
  });
  const isProven = verdict.faults.length === 0 && verdict.unproven.length === 0;
  return say(evidenceText(evidence, verdict, key !== undefined), isProven ? 0 : 1);
}

/** Named files must be there; those in the data folder may be missing, because nothing was signed yet. */
function signedCheckpoints(options: Options, folder: string | null): readonly SignedCheckpoint[] {
  const usual = folder && join(folder, checkpointsName);
  const file = options.checkpoints ?? (usual && existsSync(usual) ? usual : null);
  if (file === null) return [];
  const key = options.key ?? (folder === null ? null : join(folder, publicKeyName));
  if (key === null) throw wrongCall();
  return readCheckpoints(readFileSync(file, 'utf8'), readVerifierKey(readFileSync(key, 'utf8')));
}

async function withDatabase(work: (opened: Opened) => Promise<number>): Promise<number> {
  const { databaseUrl, dataFolder } = readStorage(readEnvironment());
  const log = createLogger({ level: 'fatal', secrets: [] });
  const database = await readDatabase({ databaseUrl, dataDir: dataFolder }, log);
  try {
    return await work({
      pool: database.pool,
      trail: new PostgresAuditTrail(database.pool),
      requests: new PostgresRequestStore(database.pool),
      plans: new PostgresPlanStore(database.pool),
      policies: new PostgresPolicyStore(database.pool),
    });
  } finally {
    await database.close();
  }
}

function auditFolder(): string {
  return join(readStorage(readEnvironment()).dataFolder, 'audit');
}

function say(text: string, exitCode: number): number {
  process.stdout.write(text);
  return exitCode;
}

function failure(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  const next = error instanceof OpsError ? ` ${error.next}` : '';
  const isMisread = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const isWrongCall = error instanceof WrongCallError || isMisread;
  process.stderr.write(`${message}${next}\n${isWrongCall ? `\n${cliHelp}` : ''}`);
  return isWrongCall || error instanceof ConfigError ? 2 : 1;
}

// A reader such as head may close the pipe early.
process.stdout.on('error', () => process.exit(0));
process.exitCode = await main().catch(failure);
