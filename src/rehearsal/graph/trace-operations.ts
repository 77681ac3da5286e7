import { queryTrace, TraceLimit, type TraceQuery } from '../mail-flow/query-trace.ts';
import type { TraceRow } from '../mail-flow/trace.ts';
import { badRequest, noResource, notPermitted, unsupportedQuery } from './graph-error.ts';
import { type GraphEntity, pageAnswer } from './graph-list.ts';
import type { GraphCall, GraphOperation } from './graph-operation.ts';

const PATH = 'admin/exchange/tracing/messageTraces';
const MOST_ROWS = 5000;

/** Message trace, which needs Microsoft's own principal in the tenant beside the permission. */
export const traceOperations: readonly GraphOperation[] = [
  {
    method: 'GET',
    path: new RegExp(`^${PATH}$`, 'iu'),
    permissions: ['ExchangeMessageTrace.Read.All'],
    run: (call) => {
      if (!call.tenant.switches.tracePrincipal) throw notPermitted();
      const rows = find(call, queryFrom(call.query.get('$filter') ?? ''));
      return pageAnswer(call, rows.map(shown), 'messageTraces');
    },
  },
  {
    method: 'GET',
    path: new RegExp(
      String.raw`^${PATH}/(?<key>[^/]+)/getDetailsByRecipient\(recipientAddress='(?<second>[^']+)'\)$`,
      'iu',
    ),
    permissions: ['ExchangeMessageTrace.Read.All'],
    run: (call) => {
      if (!call.tenant.switches.tracePrincipal) throw notPermitted();
      const start = call.now - 10 * 24 * 3600 * 1000;
      const [row] = find(call, { start, traceId: call.key, recipients: [call.second] });
      if (!row) throw noResource(call.key);
      const details = row.details.map((detail) => ({
        date: detail.Date,
        event: detail.Event,
        action: detail.Action,
        description: detail.Detail,
        data: detail.Data,
      }));
      return pageAnswer(call, details, 'messageTraceDetails');
    },
  },
];

function find({ world, tenant, now }: GraphCall, query: TraceQuery): TraceRow[] {
  try {
    return queryTrace(world.trace, tenant.id, now, { ...query, size: MOST_ROWS });
  } catch (error) {
    if (error instanceof TraceLimit) throw badRequest(error.message);
    throw error;
  }
}

function shown(row: TraceRow): GraphEntity {
  return {
    id: row.MessageTraceId,
    messageId: row.MessageId,
    senderAddress: row.SenderAddress,
    recipientAddress: row.RecipientAddress,
    subject: row.Subject,
    receivedDateTime: row.Received,
    status: `${row.Status.slice(0, 1).toLowerCase()}${row.Status.slice(1)}`,
    size: row.Size,
    fromIP: row.FromIP,
    toIP: row.ToIP,
  };
}

/** One value for each property: what follows an `or` is not looked at, as in the real service. */
function queryFrom(filter: string): TraceQuery {
  const [first = ''] = filter.split(/\s+or\s+/u);
  const terms = first.split(/\s+and\s+/u).filter((term) => term.trim() !== '');
  return Object.assign({}, ...terms.map(conditionOf));
}

function conditionOf(term: string): TraceQuery {
  const found = /^\s*\(?(?<name>\w+)\s+(?<how>eq|ge|le)\s+(?<value>'[^']*'|[^')\s]+)\)?\s*$/u.exec(term)?.groups;
  const value = found?.['value']?.replaceAll("'", '') ?? '';
  switch (`${found?.['name']} ${found?.['how']}`) {
    case 'receivedDateTime ge':
      return { start: Date.parse(value) };
    case 'receivedDateTime le':
      return { end: Date.parse(value) };
    case 'senderAddress eq':
      return { senders: [value] };
    case 'recipientAddress eq':
      return { recipients: [value] };
    case 'messageId eq':
      return { messageIds: [value] };
    case 'id eq':
      return { traceId: value };
    case 'status eq':
      return { statuses: [`${value.slice(0, 1).toUpperCase()}${value.slice(1)}`] };
    case 'fromIP eq':
      return { fromIp: value };
    case 'toIP eq':
      return { toIp: value };
    default:
      throw unsupportedQuery(`The filter '${term.trim()}' is not supported for message traces.`);
  }
}
