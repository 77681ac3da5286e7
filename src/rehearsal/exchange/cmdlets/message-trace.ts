import { queryTrace, TraceLimit, type TraceQuery } from '../../mail-flow/query-trace.ts';
import type { TraceRow } from '../../mail-flow/trace.ts';
import type { Bound } from '../bind-parameters.ts';
import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { badArgument, ExchangeError } from '../exchange-error.ts';
import type { ExchangeObject } from '../exchange-object.ts';
import { choice, choices, date, list, number, type Parameters, required, text } from '../parameter.ts';
import type { Tenant } from '../tenant.ts';

const MOST_QUERIES = 100;
const WINDOW = 5 * 60 * 1000;

const period: Parameters = { StartDate: date, EndDate: date };
const search: Parameters = {
  ...period,
  FromIP: text,
  MessageId: list,
  MessageTraceId: text,
  RecipientAddress: list,
  SenderAddress: list,
  ToIP: text,
};

/** Virtual times of the queries of the last minutes, by tenant. */
const queries = new WeakMap<Tenant, number[]>();

export const messageTraceCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-MessageTraceV2',
    parameters: {
      ...search,
      // Not cut like other results: the trace has its own limits and way of paging.
      ResultSize: number,
      Status: choices('Delivered', 'Expanded', 'Failed', 'FilteredAsSpam', 'GettingStatus', 'Pending', 'Quarantined'),
      StartingRecipientAddress: text,
      Subject: text,
      SubjectFilterType: choice('Contains', 'EndsWith', 'StartsWith'),
    },
    run: (context, bound) => {
      countQuery(context);
      const rows = query(context, bound);
      context.warnings.push(...furtherRows(context, bound, rows));
      return rows.map(shown);
    },
  },
  {
    name: 'Get-MessageTraceDetailV2',
    parameters: {
      ...period,
      MessageTraceId: required(text),
      RecipientAddress: required(text),
      Action: list,
      Event: choices('RECEIVE', 'SEND', 'FAIL', 'DELIVER', 'EXPAND', 'TRANSFER', 'DEFER'),
      MessageId: text,
      SenderAddress: text,
    },
    run: details,
  },
  {
    name: 'Get-MessageTrace',
    parameters: { ...search, Status: list, Page: number, PageSize: number, ProbeTag: text },
    run: () => {
      throw badArgument('Get-MessageTrace has been retired. Use Get-MessageTraceV2.');
    },
  },
];

function countQuery({ tenant, now }: CmdletContext): void {
  const recent = [...(queries.get(tenant) ?? []).filter((at) => at > now - WINDOW), now];
  queries.set(tenant, recent);
  if (recent.length <= MOST_QUERIES) return;
  throw new ExchangeError(
    429,
    'Microsoft.Exchange.Management.Tasks.ThrottlingException',
    `The organization has run more than ${MOST_QUERIES} message trace queries within 5 minutes.`,
  );
}

function query({ world, tenant, now }: CmdletContext, bound: Bound): TraceRow[] {
  try {
    return queryTrace(world.trace, tenant.id, now, queryFrom(bound));
  } catch (error) {
    if (error instanceof TraceLimit) throw badArgument(error.message);
    throw error;
  }
}

function queryFrom(bound: Bound): TraceQuery {
  const one = (name: string): string | undefined => {
    const value = bound.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const many = (name: string): readonly string[] | undefined => {
    const value = bound.get(name);
    return Array.isArray(value) ? value.map(String) : one(name)?.split(',');
  };
  const time = (name: string): number | undefined => {
    const value = one(name);
    return value === undefined ? undefined : Date.parse(value);
  };
  const size = bound.get('ResultSize');
  const filter = one('SubjectFilterType');
  const given = {
    start: time('StartDate'),
    end: time('EndDate'),
    senders: many('SenderAddress'),
    recipients: many('RecipientAddress'),
    messageIds: many('MessageId'),
    traceId: one('MessageTraceId'),
    statuses: many('Status'),
    fromIp: one('FromIP'),
    toIp: one('ToIP'),
    subject: one('Subject'),
    subjectFilter: filter,
    size: typeof size === 'number' ? size : undefined,
    startingRecipient: one('StartingRecipientAddress'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function shown(row: TraceRow): ExchangeObject {
  const { tenantId: _, details: __, ...facts } = row;
  return { ...facts, FromIP: facts.FromIP ?? '', ToIP: facts.ToIP ?? '' };
}

/** How to ask for the rows after these, as a warning; nothing when these are all. */
function furtherRows(context: CmdletContext, bound: Bound, rows: readonly TraceRow[]): string[] {
  const size = Number(bound.get('ResultSize') ?? 1000);
  const last = rows.at(-1);
  if (!last || rows.length < size) return [];
  const { Received: end, RecipientAddress: recipient } = last;
  const start = bound.get('StartDate');
  const rest = new Map([
    ...bound,
    ['EndDate', end],
    ['StartingRecipientAddress', recipient],
    ['ResultSize', 2],
  ] as const);
  if (query(context, rest).length < 2) return [];
  return [
    'There are more results, use the following command to get more. Get-MessageTraceV2 ' +
      `-StartDate "${typeof start === 'string' ? start : ''}" -EndDate "${end}" -StartingRecipientAddress "${recipient}" -ResultSize ${size}`,
  ];
}

function details(context: CmdletContext, bound: Bound): ExchangeObject[] {
  const events = bound.get('Event');
  const wanted = Array.isArray(events) ? events.map((event: string) => event.toUpperCase()) : [];
  return query(context, new Map([...bound].filter(([name]) => name !== 'Action'))).flatMap((row) =>
    row.details
      .filter(({ Event }) => wanted.length === 0 || wanted.includes(Event))
      .map((detail) => ({
        Organization: context.tenant.initialDomain,
        MessageId: row.MessageId,
        MessageTraceId: row.MessageTraceId,
        ...detail,
      })),
  );
}
