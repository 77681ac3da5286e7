import type { ProvisioningRequest } from '../request.ts';
import type { AuditEvent } from './audit-event.ts';
import { type Control, controlsOf, isIntent, outcomeOf } from './controls.ts';

/** One change in a report: its entries in order, and the request as stored; null when it is not stored any more. */
export interface ReportedChange {
  readonly id: string;
  readonly request: ProvisioningRequest | null;
  readonly events: readonly AuditEvent[];
}

/** What a report is about. Times are ISO; null means without an end on that side. */
export interface ReportScope {
  readonly tenant: string;
  readonly from: string | null;
  readonly to: string | null;
  /** What the verification of the whole trail said. */
  readonly verification: string;
}

/**
 * The report of a tenant's changes, in Markdown: what was asked, who approved, what ran, and whether it was in order.
 * `beside` are the entries that belong to no request, such as those about consent; default: there are none.
 */
export function auditReport(
  scope: ReportScope,
  changes: readonly ReportedChange[],
  beside: readonly AuditEvent[] = [],
): string {
  const judged = changes.map((change) => judge(change));
  const odd = judged.filter(({ isFine }) => !isFine).map(({ id }) => id);
  return [
    `# Changes in ${plain(scope.tenant)}`,
    '',
    `Period: ${scope.from ?? 'the beginning'} to ${scope.to ?? 'now'}.`,
    `Verification: ${scope.verification}`,
    `Requests: ${changes.length}. ${odd.length === 0 ? 'Every control holds for each of them.' : `Look at: ${odd.join(', ')}.`}`,
    '',
    '| request | asked by | approved by | ended as | in order |',
    '|---|---|---|---|---|',
    ...judged.map(summaryRow),
    ...judged.flatMap((change) => ['', ...details(change)]),
    ...(beside.length === 0 ? [] : ['', ...others(beside)]),
    '',
  ].join('\n');
}

interface Judged extends ReportedChange {
  readonly controls: readonly Control[];
  readonly isFine: boolean;
}

function judge(change: ReportedChange): Judged {
  const controls = change.request ? controlsOf(change.request, change.events) : [];
  return { ...change, controls, isFine: change.request !== null && controls.every(({ holds }) => holds !== false) };
}

function summaryRow({ id, request, events, isFine }: Judged): string {
  const namesOf = (wanted: string): string =>
    events
      .filter(({ action, outcome }) => action === wanted && outcome === 'accepted')
      .map(({ actor }) => actor?.name ?? 'nobody')
      .join(', ') || 'nobody';
  return row([id, namesOf('requested'), namesOf('approve'), request?.state ?? 'GONE', isFine ? 'yes' : 'NO']);
}

function details({ id, request, events, controls }: Judged): string[] {
  return [
    `## ${id}: ${plain(request?.title ?? 'the request itself is gone from the database')}`,
    '',
    ...controls.map(({ question, holds, fact }) => `- ${verdict(holds)}: ${question} (${plain(fact)}).`),
    '',
    '| time | who | what | plan | outcome |',
    '|---|---|---|---|---|',
    ...events.map((event) =>
      row([event.at, nameOf(event), whatOf(event), shortDigest(event), outcomeText(event, events)]),
    ),
  ];
}

function others(events: readonly AuditEvent[]): string[] {
  return [
    '## Beside the requests',
    '',
    '| time | who | what | about | outcome |',
    '|---|---|---|---|---|',
    ...events.map((event) =>
      row([event.at, nameOf(event), whatOf(event), event.requestId, outcomeText(event, events)]),
    ),
  ];
}

function verdict(holds: boolean | null): string {
  if (holds === null) return 'not applicable';
  return holds ? 'holds' : 'DOES NOT HOLD';
}

function nameOf({ actor }: AuditEvent): string {
  return actor ? `${actor.name} (${actor.objectId})` : 'Switchyard';
}

function whatOf({ action, target, detail }: AuditEvent): string {
  const { cmdlet } = detail;
  const call = typeof cmdlet === 'string' ? ` ${cmdlet}` : '';
  return `${action}${call}${target ? ` ${target.kind} ${target.identity}` : ''}`;
}

function shortDigest({ digest }: AuditEvent): string {
  return digest?.slice(0, 16) ?? '';
}

function outcomeText(event: AuditEvent, events: readonly AuditEvent[]): string {
  if (event.outcome === 'refused') return `refused: ${event.reason ?? 'without a reason'}`;
  if (!isIntent(event)) return event.after?.state ?? event.outcome;
  return outcomeOf(event, events)?.action ?? 'open';
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(plain).join(' | ')} |`;
}

/** Names and texts come from outside; they must not make rows, links or lines of their own. */
function plain(text: string): string {
  return text.replaceAll(/[\r\n]+/gu, ' ').replaceAll(/[\\|<>[\]`*_]/gu, '\\$&');
}
