#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { checkpointsName, publicKeyName } from './adapters/audit/checkpoint-file.ts';
import { readDatabase } from './adapters/database/read-database.ts';
import { PostgresAuditTrail } from './adapters/store/postgres-audit-trail.ts';
import { PostgresPlanStore } from './adapters/store/postgres-plan-store.ts';
import { PostgresRequestStore } from './adapters/store/postgres-request-store.ts';
import { cliHelp } from './app/cli-help.ts';
import { planText } from './app/plan-text.ts';
import { readStorage } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { readEnvironment } from './config/env.ts';
import { type AuditEvent, AuditEventSchema } from './core/audit/audit-event.ts';
import { type AuditTrail, originOf } from './core/audit/audit-trail.ts';
import { readCheckpoints, readVerifierKey, type SignedCheckpoint } from './core/audit/checkpoint.ts';
import { type EvidenceBundle, readBundle, verifyBundle } from './core/audit/evidence.ts';
import { makeBundle } from './core/audit/make-bundle.ts';
import { ocsfEvent } from './core/audit/ocsf-event.ts';
import { readExport } from './core/audit/read-export.ts';
import { auditReport, type ReportedChange } from './core/audit/report.ts';
import { type ChainVerdict, verifyChain } from './core/audit/verify-chain.ts';
import { InvalidInputError, OpsError } from './core/errors.ts';
import type { PlanStore } from './core/kept-plan.ts';
import type { ProvisioningRequest } from './core/request.ts';
import type { RequestStore } from './core/store.ts';
import { createLogger } from './telemetry/log.ts';

type Options = ReturnType<typeof readArguments>['values'];

interface Opened {
  readonly trail: AuditTrail;
  readonly requests: PostgresRequestStore;
  readonly plans: PlanStore;
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
      const request = await requestNamed(opened, command);
      return say(planText(request, await opened.plans.ofRequest(request.id), values), 0);
    });
  }
  const known = allowedOptions[command ?? ''];
  if (area !== 'audit' || !known || rest.length !== (command === 'bundle' ? 1 : 0)) throw wrongCall();
  if (!onlyHas(values, known)) throw wrongCall();
  if (command === 'verify')
    return values.file === undefined ? await verifyDatabase(values) : verifyFile(values, values.file);
  if (command === 'export') return await withDatabase((opened) => exportEntries(opened, values));
  if (command === 'report') return await withDatabase((opened) => report(opened, values));
  return await withDatabase((opened) => bundle(opened, rest[0] ?? ''));
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
  return await withDatabase(async ({ trail }) => {
    const verdict = await verifyTrail(trail, options);
    return say(`${verdictText(verdict)}\n`, verdict.intact ? 0 : 1);
  });
}

async function verifyTrail(trail: AuditTrail, options: Options): Promise<ChainVerdict> {
  const head = await trail.head();
  const checkpoints = signedCheckpoints(options, auditFolder());
  const origin = originOf(await trail.id());
  const foreign = checkpoints.find((checkpoint) => checkpoint.origin !== origin);
  if (foreign) {
    const explanation = `The checkpoints are about ${foreign.origin}, the database holds ${origin}.`;
    return { intact: false, seq: 1, how: 'rewritten', explanation };
  }
  // The trail grows meanwhile; what is verified is the trail as it was when its head was read.
  return await verifyChain(() => trail.records({ upTo: head.seq }), { checkpoints, head });
}

async function verifyFile(options: Options, file: string): Promise<number> {
  const text = readFileSync(file, 'utf8');
  const evidence = readBundle(text);
  if (evidence) return verifyEvidence(evidence, options);
  const checkpoints = signedCheckpoints(options, null);
  const { records, fault } = readExport(text);
  if (fault) return say(`BROKEN in line ${fault.line}: ${fault.explanation}.\n`, 1);
  const verdict = await verifyChain(() => records, { checkpoints, selection: options.selection });
  return say(`${verdictText(verdict)}\n`, verdict.intact ? 0 : 1);
}

function verifyEvidence(evidence: EvidenceBundle, { key }: Options): number {
  const { faults, controls, signed } = verifyBundle(evidence, key === undefined ? null : readFileSync(key, 'utf8'));
  const lines = [
    ...controls.map(
      ({ question, holds, fact }) => `${holds === null ? '-' : holds ? 'yes' : 'NO'}\t${question} (${fact})`,
    ),
    faults.length === 0 ? `The evidence of ${evidence.request.id} is whole.` : `BROKEN: ${faults.join(' ')}`,
    ...(signed
      ? []
      : ['No checkpoint was signed after its last entry yet, so only the entries themselves were checked.']),
    ...(signed && key === undefined
      ? [`Checked with the key in the bundle itself. Compare it with the one you know: ${evidence.publicKey}`]
      : []),
  ];
  return say(`${lines.join('\n')}\n`, faults.length === 0 ? 0 : 1);
}

function verdictText(verdict: ChainVerdict): string {
  if (!verdict.intact) return `BROKEN at entry ${verdict.seq}: ${verdict.how}. ${verdict.explanation}`;
  const { entries, last, signedSize } = verdict;
  if (entries === 0) return 'The audit trail is empty.';
  const whole = `The audit trail is whole: ${entries} entries up to number ${last.seq}.`;
  return signedSize === 0
    ? `${whole} No signed checkpoint was compared, so a trail that was rewritten or cut off altogether would look the same.`
    : `${whole} Signed checkpoints agree up to number ${signedSize}.`;
}

async function exportEntries({ trail, requests }: Opened, options: Options): Promise<number> {
  const wanted = await selectionOf(requests, options);
  const version = productVersion();
  async function* lines(): AsyncGenerator<string> {
    for await (const record of trail.records()) {
      const event = eventOf(record.entry);
      if (wanted(event)) yield `${JSON.stringify(ocsfEvent(record, event, version))}\n`;
    }
  }
  await pipeline(Readable.from(lines()), process.stdout, { end: false });
  return 0;
}

async function report({ trail, requests }: Opened, options: Options): Promise<number> {
  if (options.tenant === undefined) throw wrongCall();
  const wanted = await selectionOf(requests, options);
  const ids = new Set<string>();
  for await (const { entry } of trail.records()) {
    const event = eventOf(entry);
    if (wanted(event)) ids.add(event.requestId);
  }
  const changes: ReportedChange[] = [];
  for (const id of ids) changes.push({ id, request: await requests.asStored(id), events: await eventsOf(trail, id) });
  const { tenant, from = null, to = null } = options;
  const verdict = await verifyTrail(trail, options);
  const text = auditReport({ tenant, from, to, verification: verdictText(verdict) }, changes);
  return say(text, verdict.intact && changes.every(({ request }) => request !== null) ? 0 : 1);
}

async function eventsOf(trail: AuditTrail, requestId: string): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const { entry } of trail.records({ requestId })) events.push(eventOf(entry));
  return events;
}

async function requestNamed({ requests }: Opened, id: string): Promise<ProvisioningRequest> {
  const request = await requests.asStored(id.toUpperCase());
  if (request) return request;
  throw new InvalidInputError(`There is no request ${id}.`, {
    operation: 'find a request',
    next: 'Type pending in the chat for open requests; "switchyard audit report" lists a tenant\'s.',
  });
}

async function bundle(opened: Opened, id: string): Promise<number> {
  const request = await requestNamed(opened, id);
  const plans = await opened.plans.ofRequest(request.id);
  const checkpoints = signedCheckpoints({ selection: false, json: false, help: false }, auditFolder());
  const keyFile = join(auditFolder(), publicKeyName);
  const publicKey = existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : '';
  return say(`${JSON.stringify(await makeBundle(request, plans, opened.trail, checkpoints, publicKey), null, 2)}\n`, 0);
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

async function selectionOf(requests: RequestStore, options: Options): Promise<(event: AuditEvent) => boolean> {
  const from = timeIn(options.from);
  const to = timeIn(options.to);
  const tenant = options.tenant === undefined ? null : await tenantId(requests, options.tenant);
  return ({ tenantId: of, at }) =>
    (tenant === null || of === tenant) && (from === null || at >= from) && (to === null || at < to);
}

function timeIn(text: string | undefined): string | null {
  if (text === undefined) return null;
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/u.test(text) || Number.isNaN(time.getTime())) throw wrongCall();
  return time.toISOString();
}

async function tenantId(requests: RequestStore, idOrName: string): Promise<string> {
  const wanted = idOrName.toLowerCase();
  if (/^[0-9a-f-]{36}$/u.test(wanted)) return wanted;
  const known = (await requests.list({ limit: 10_000 })).map(({ tenant }) => tenant);
  const found = known.find(({ name }) => name.toLowerCase() === wanted);
  if (found) return found.id;
  throw new InvalidInputError(`Nothing was ever asked for in a tenant "${idOrName}".`, {
    operation: 'find a tenant',
    next: 'Check its name, or give its id.',
  });
}

async function withDatabase(work: (opened: Opened) => Promise<number>): Promise<number> {
  const { databaseUrl, dataFolder } = readStorage(readEnvironment());
  const log = createLogger({ level: 'fatal', secrets: [] });
  const database = await readDatabase({ databaseUrl, dataDir: dataFolder }, log);
  try {
    return await work({
      trail: new PostgresAuditTrail(database.pool),
      requests: new PostgresRequestStore(database.pool),
      plans: new PostgresPlanStore(database.pool),
    });
  } finally {
    await database.close();
  }
}

function auditFolder(): string {
  return join(readStorage(readEnvironment()).dataFolder, 'audit');
}

/** Reads an entry of the database; one that cannot be read was tampered with, which `verify` describes better. */
function eventOf(entry: string): AuditEvent {
  const read = AuditEventSchema.safeParse(JSON.parse(entry));
  if (read.success) return read.data;
  throw new InvalidInputError('The audit trail has an entry that cannot be read.', {
    operation: 'read the audit trail',
    next: 'Run "switchyard audit verify".',
  });
}

function productVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

class WrongCallError extends Error {}

function wrongCall(): WrongCallError {
  return new WrongCallError('That is not a command of switchyard.');
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
