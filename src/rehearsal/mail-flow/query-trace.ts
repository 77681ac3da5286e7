import type { TraceRow, TraceStore } from './trace.ts';

/** The parameters of Get-MessageTraceV2 that choose rows. Times are virtual milliseconds. */
export interface TraceQuery {
  readonly start?: number;
  readonly end?: number;
  readonly senders?: readonly string[];
  readonly recipients?: readonly string[];
  readonly messageIds?: readonly string[];
  readonly traceId?: string;
  readonly statuses?: readonly string[];
  readonly fromIp?: string;
  readonly toIp?: string;
  readonly subject?: string;
  readonly subjectFilter?: 'Contains' | 'EndsWith' | 'StartsWith';
  readonly size?: number;
  /** Where the page before this one ended, together with `end`. */
  readonly startingRecipient?: string;
}

/** A query that message trace refuses; the message says which limit. */
export class TraceLimit extends Error {
  override readonly name = 'TraceLimit';
}

const DAY = 24 * 3600 * 1000;
const USUAL_SIZE = 1000;
const LARGEST_SIZE = 5000;

/** Newest first, at most ten days at once, ninety days back. */
export function queryTrace(store: TraceStore, tenantId: string, now: number, query: TraceQuery): TraceRow[] {
  const { end = now, size = USUAL_SIZE } = query;
  const start = query.start ?? end - 2 * DAY;
  if (size < 1 || size > LARGEST_SIZE) throw new TraceLimit(`ResultSize must be between 1 and ${LARGEST_SIZE}.`);
  if (start > end) throw new TraceLimit('The StartDate must be before the EndDate.');
  if (end - start > 10 * DAY) throw new TraceLimit('The StartDate and the EndDate can be at most 10 days apart.');
  if (start < now - 90 * DAY) throw new TraceLimit('The StartDate must be within the last 90 days.');
  return store
    .list(tenantId)
    .filter((row) => isWithin(row, start, end) && fits(row, query) && isAfterPage(row, end, query))
    .sort(newestFirst)
    .slice(0, size);
}

function isWithin({ Received }: TraceRow, start: number, end: number): boolean {
  const at = Date.parse(Received);
  return at >= start && at <= end;
}

/** Within the millisecond in which the last page ended, its last recipient and those after it: that row comes again. */
function isAfterPage(row: TraceRow, end: number, { startingRecipient }: TraceQuery): boolean {
  if (startingRecipient === undefined || Date.parse(row.Received) < end) return true;
  return row.RecipientAddress >= startingRecipient.toLowerCase();
}

function fits(row: TraceRow, query: TraceQuery): boolean {
  const { traceId, fromIp, toIp } = query;
  return (
    isOneOf(row.SenderAddress, query.senders) &&
    isOneOf(row.RecipientAddress, query.recipients) &&
    isOneOf(row.MessageId, query.messageIds) &&
    isOneOf(row.Status, query.statuses) &&
    (traceId === undefined || row.MessageTraceId === traceId) &&
    (fromIp === undefined || row.FromIP === fromIp) &&
    (toIp === undefined || row.ToIP === toIp) &&
    hasSubject(row, query)
  );
}

/** `*@contoso.com` stands for every address of the domain. */
function isOneOf(value: string, wanted: readonly string[] | undefined): boolean {
  if (!wanted || wanted.length === 0) return true;
  const held = value.toLowerCase();
  return wanted.some((entry) => {
    const text = entry.toLowerCase();
    return text.startsWith('*') ? held.endsWith(text.slice(1)) : held === text;
  });
}

function hasSubject({ Subject }: TraceRow, { subject, subjectFilter = 'Contains' }: TraceQuery): boolean {
  if (subject === undefined) return true;
  const [held, wanted] = [Subject.toLowerCase(), subject.toLowerCase()];
  if (subjectFilter === 'StartsWith') return held.startsWith(wanted);
  return subjectFilter === 'EndsWith' ? held.endsWith(wanted) : held.includes(wanted);
}

function newestFirst(one: TraceRow, other: TraceRow): number {
  const between = Date.parse(other.Received) - Date.parse(one.Received);
  return between || (one.RecipientAddress < other.RecipientAddress ? -1 : 1);
}
