import { readFileSync } from 'node:fs';
import { type AuditEvent, AuditEventSchema } from '../core/audit/audit-event.ts';
import type { AuditTrail } from '../core/audit/audit-trail.ts';
import type { Link } from '../core/audit/chain.ts';
import { type BundleSources, makeBundle } from '../core/audit/make-bundle.ts';
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

/** The entries up to a number as JSON lines with OCSF fields. */
export async function* exportLines(trail: AuditTrail, selection: Selection, upTo: number): AsyncGenerator<string> {
  const version = productVersion();
  const isShown = withoutGaps(selection);
  for await (const record of trail.records({ upTo })) {
    const event = eventOf(record.entry);
    if (isShown(event)) yield `${JSON.stringify(ocsfEvent(record, event, version))}\n`;
  }
}

/**
 * A tenant's changes in Markdown. `isWhole`: every request that is named in the trail is still stored. `verified` is
 * called once the requests are read, so that the place up to which it finds the trail covers what they have become.
 */
export async function report(
  { trail, requests }: Exported,
  tenant: string,
  selection: Selection,
  verified: () => Promise<{ readonly head: Link; readonly text: string }>,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const ids = new Set<string>();
  const beside: AuditEvent[] = [];
  const { seq: now } = await trail.head();
  for await (const { entry } of trail.records({ upTo: now })) {
    const event = eventOf(entry);
    if (!isIn(selection, event)) continue;
    if (event.requestId.startsWith('R-')) ids.add(event.requestId);
    else beside.push(event);
  }
  const stored = new Map<string, ProvisioningRequest | null>();
  for (const id of ids) stored.set(id, await requests.asStored(id));
  const { head, text: verification } = await verified();
  const changes: ReportedChange[] = [];
  for (const [id, request] of stored) changes.push({ id, request, events: await eventsOf(trail, id, head, request) });
  const { from, to } = selection;
  const text = auditReport({ tenant, from, to, verification }, changes, beside);
  return { text, isWhole: changes.every(({ request }) => request !== null) };
}

/** Everything about one request with its proof, in JSON. `closing`: the number of the entry of this export, or null. */
export async function bundle(
  { plans, policies }: Exported,
  request: ProvisioningRequest,
  sources: BundleSources,
  closing: number | null,
): Promise<string> {
  // A plan that was put up since is not of the request as it was.
  const kept = (await plans.ofRequest(request.id)).filter(({ version }) => version <= request.planVersion);
  const under = await policies.named(kept.map(({ plan }) => plan.policy));
  const made = await makeBundle(request, { plans: kept, policies: under }, sources, closing);
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

/**
 * The selection with no gaps in what it shows of one request: an entry whose time is before that of the entry before it,
 * as clocks have it that are set back or belong to several processes, is neither the first nor the last.
 */
function withoutGaps(selection: Selection): (event: AuditEvent) => boolean {
  const { from, to } = selection;
  const shown = new Map<string, 'begun' | 'ended'>();
  if (from === null && to === null) return (event) => isIn(selection, event);
  return (event) => {
    const known = event.requestId.startsWith('R-') ? shown.get(event.requestId) : undefined;
    const isOver = to !== null && event.at >= to;
    if (known === undefined && !isIn(selection, event)) return false;
    if (known === 'ended') return false;
    shown.set(event.requestId, isOver ? 'ended' : 'begun');
    return !isOver;
  };
}

/** The entries that had a hand in the request as it was read; later ones are of a request that nobody has read yet. */
async function eventsOf(
  trail: AuditTrail,
  requestId: string,
  { seq: upTo }: Link,
  request: ProvisioningRequest | null,
): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const { entry } of trail.records({ requestId, upTo })) events.push(eventOf(entry));
  const revision = request?.revision ?? Number.POSITIVE_INFINITY;
  const later = events.findIndex(({ after }) => after !== null && after.revision > revision);
  return later === -1 ? events : events.slice(0, later);
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
