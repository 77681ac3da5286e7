import type { World } from '../world.ts';
import { type Cloud, detailOf, type Journey } from './journey.ts';
import type { MailMessage } from './mail-message.ts';
import type { Outcome } from './stop.ts';
import { type Ending, nextHosts, type TenantPass } from './tenant-pass.ts';
import type { TraceDetail, TraceRow } from './trace.ts';

/** Refusals by which the edge lets the organisation know that somebody knocked. */
const TOLD = /^5\.7\.(51|68) /u;

/** Leaves a row in the trace of every organisation for every recipient whose copy came by. */
export function writeTrace(world: World, cloud: Cloud, { stops, outcomes }: Journey): void {
  const passes = stops.filter((stop) => stop.at === 'tenant').map(({ pass }) => pass);
  for (const [index, pass] of passes.entries()) {
    for (const ending of pass.endings) {
      const { to } = ending.message;
      const goesOn = passes.slice(index + 1).some(({ message }) => message.to === to);
      const outcome = goesOn ? null : (outcomes.find(({ recipient }) => recipient === to) ?? null);
      world.trace.add(rowOf(world, cloud, pass, ending, outcome));
    }
  }
  for (const stop of stops) {
    if (stop.at === 'edge' && stop.tenant !== null) {
      const { tenant, message, arrival, reply } = stop;
      const source = arrival.by === 'smtp' ? arrival.source : null;
      traceRefusal(world, { tenantId: tenant, message, source, reply: `${reply.code} ${reply.text}` });
    }
  }
}

export interface Refusal {
  readonly tenantId: string;
  readonly message: MailMessage;
  readonly source: string | null;
  readonly reply: string;
}

/** What the edge refused because of the organisation's own connectors is in its trace. */
export function traceRefusal(world: World, { tenantId, message, source, reply }: Refusal): void {
  if (!TOLD.test(reply.slice(4))) return;
  const common = commonOf(world, tenantId, message, source);
  world.trace.add({ ...common, Status: 'Failed', ToIP: null, details: [detail(world, 'FAIL', 'Fail', reply)] });
}

function rowOf(world: World, cloud: Cloud, pass: TenantPass, ending: Ending, outcome: Outcome | null): TraceRow {
  const source = pass.arrival.by === 'smtp' ? pass.arrival.source : null;
  const rules = pass.rules.map(({ name, did }) =>
    detail(world, 'TRANSFER', 'Transport rule', `Transport rule "${name}": ${did.join(', ') || 'audit only'}`),
  );
  return {
    ...commonOf(world, pass.tenant, ending.message, source),
    Status: statusOf(ending, outcome),
    ToIP: ending.kind === 'sent' ? toIp(cloud, pass, ending) : null,
    details: [
      detail(world, 'RECEIVE', 'Receive', pass.connectorIn ? `Inbound connector "${pass.connectorIn}"` : 'Received'),
      ...rules,
      ...lastDetail(world, ending, outcome),
    ],
  };
}

function commonOf(
  world: World,
  tenantId: string,
  message: MailMessage,
  source: string | null,
): Omit<TraceRow, 'Status' | 'ToIP' | 'details'> {
  return {
    tenantId,
    MessageId: message.id,
    MessageTraceId: crypto.randomUUID(),
    Received: new Date(world.clock.now()).toISOString(),
    SenderAddress: message.from === '' ? '<>' : message.from,
    RecipientAddress: message.to,
    Subject: message.subject,
    FromIP: source,
    Size: message.size,
  };
}

/** A copy that was sent on counts as delivered, unless the next server did not take it. */
function statusOf(ending: Ending, outcome: Outcome | null): TraceRow['Status'] {
  const { kind } = ending;
  if (kind === 'deleted' && 'why' in ending) return 'FilteredAsSpam';
  const last = kind === 'sent' ? (outcome?.kind ?? 'outside') : kind;
  if (last === 'quarantined') return 'Quarantined';
  if (last === 'deferred' || last === 'held') return 'Pending';
  return last === 'refused' || last === 'looped' || last === 'deleted' ? 'Failed' : 'Delivered';
}

function lastDetail(world: World, ending: Ending, outcome: Outcome | null): TraceDetail[] {
  const text = detailOf(ending);
  if (ending.kind === 'sent') {
    const sent = detail(world, 'SEND', 'Send external', text);
    if (outcome?.kind === 'refused' || outcome?.kind === 'looped') {
      return [sent, detail(world, 'FAIL', 'Fail', outcome.detail)];
    }
    return outcome?.kind === 'deferred' ? [sent, detail(world, 'DEFER', 'Defer', outcome.detail)] : [sent];
  }
  if (ending.kind === 'inbox') return [detail(world, 'DELIVER', 'Deliver', 'Delivered to the mailbox')];
  if (ending.kind === 'junk') return [detail(world, 'DELIVER', 'Deliver to Junk Email', text)];
  if (ending.kind === 'deferred' || ending.kind === 'held') return [detail(world, 'DEFER', 'Defer', text)];
  return [detail(world, 'FAIL', ending.kind === 'deleted' ? 'Drop' : 'Fail', text)];
}

function toIp({ network, setups }: Cloud, pass: TenantPass, ending: Ending & { kind: 'sent' }): string | null {
  const setup = setups.find(({ id }) => id === pass.tenant);
  const [host] = (setup && nextHosts(network, setup, ending)) ?? [];
  return host === undefined ? null : network.egress(network.site(host));
}

function detail(world: World, event: TraceDetail['Event'], action: string, text: string): TraceDetail {
  return { Date: new Date(world.clock.now()).toISOString(), Event: event, Action: action, Detail: text, Data: '' };
}
