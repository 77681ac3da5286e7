import { readFileSync } from 'node:fs';
import { type AuditEvent, AuditEventSchema } from '../core/audit/audit-event.ts';
import type { AuditTrail } from '../core/audit/audit-trail.ts';
import type { SignedCheckpoint } from '../core/audit/checkpoint.ts';
import { makeBundle } from '../core/audit/make-bundle.ts';
import { ocsfEvent } from '../core/audit/ocsf-event.ts';
import type { KeptPolicy } from '../core/audit/policy-evidence.ts';
import { auditReport, type ReportedChange } from '../core/audit/report.ts';
import { InvalidInputError } from '../core/errors.ts';
import type { PlanStore } from '../core/kept-plan.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { RequestStore } from '../core/store.ts';
import { wrongCall } from './wrong-call.ts';

/** Requests as they are stored, to the letter. */
interface StoredRequests extends Pick<RequestStore, 'list'> {
  asStored(id: string): Promise<ProvisioningRequest | null>;
}

/** What exports are made from. */
export interface Exported {
  readonly trail: AuditTrail;
  readonly requests: StoredRequests;
  readonly plans: PlanStore;
  readonly policies: { named(versions: readonly string[]): Promise<readonly KeptPolicy[]> };
}

/** Which entries somebody wants; null: no end on that side, or every tenant. */
export interface Selection {
  readonly tenantId: string | null;
  /** ISO times; `from` counts, `to` does not. */
  readonly from: string | null;
  readonly to: string | null;
}

/** The entries as JSON lines with OCSF fields. */
export async function* exportLines(trail: AuditTrail, selection: Selection): AsyncGenerator<string> {
  const version = productVersion();
  for await (const record of trail.records()) {
    const event = eventOf(record.entry);
    if (isIn(selection, event)) yield `${JSON.stringify(ocsfEvent(record, event, version))}\n`;
  }
}

/** A tenant's changes in Markdown. `isWhole`: every request that is named in the trail is still stored. */
export async function report(
  { trail, requests }: Exported,
  tenant: string,
  selection: Selection,
  verification: string,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const ids = new Set<string>();
  const beside: AuditEvent[] = [];
  for await (const { entry } of trail.records()) {
    const event = eventOf(entry);
    if (!isIn(selection, event)) continue;
    if (event.requestId.startsWith('R-')) ids.add(event.requestId);
    else beside.push(event);
  }
  const changes: ReportedChange[] = [];
  for (const id of ids) changes.push({ id, request: await requests.asStored(id), events: await eventsOf(trail, id) });
  const { from, to } = selection;
  const text = auditReport({ tenant, from, to, verification }, changes, beside);
  return { text, isWhole: changes.every(({ request }) => request !== null) };
}

/** Everything about one request with its proof, in JSON. */
export async function bundle(
  { trail, plans, policies }: Exported,
  request: ProvisioningRequest,
  checkpoints: readonly SignedCheckpoint[],
  publicKey: string,
): Promise<string> {
  const kept = await plans.ofRequest(request.id);
  const under = await policies.named(kept.map(({ plan }) => plan.policy));
  const made = await makeBundle(request, { plans: kept, policies: under }, trail, checkpoints, publicKey);
  return `${JSON.stringify(made, null, 2)}\n`;
}

/** The request somebody names, as it is stored. */
export async function requestNamed(requests: StoredRequests, id: string): Promise<ProvisioningRequest> {
  const request = await requests.asStored(id.toUpperCase());
  if (request) return request;
  throw new InvalidInputError(`There is no request ${id}.`, {
    operation: 'find a request',
    next: 'Type pending in the chat for open requests; "switchyard audit report" lists a tenant\'s.',
  });
}

/** What the options of the command line mean. */
export async function selectionOf(
  requests: StoredRequests,
  options: {
    readonly tenant?: string | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
): Promise<Selection> {
  const { tenant, from, to } = options;
  return {
    tenantId: tenant === undefined ? null : await tenantIdOf(requests, tenant),
    from: timeIn(from),
    to: timeIn(to),
  };
}

function isIn({ tenantId, from, to }: Selection, event: AuditEvent): boolean {
  const { at } = event;
  const isOfTenant = tenantId === null || event.tenantId === tenantId;
  return isOfTenant && (from === null || at >= from) && (to === null || at < to);
}

async function eventsOf(trail: AuditTrail, requestId: string): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const { entry } of trail.records({ requestId })) events.push(eventOf(entry));
  return events;
}

function timeIn(text: string | undefined): string | null {
  if (text === undefined) return null;
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/u.test(text) || Number.isNaN(time.getTime())) throw wrongCall();
  return time.toISOString();
}

async function tenantIdOf(requests: StoredRequests, idOrName: string): Promise<string> {
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
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
