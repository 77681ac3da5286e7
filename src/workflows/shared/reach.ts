import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '../../core/change.ts';
import type { Reach, TraceReading } from '../../core/reach.ts';
import type { Warning } from '../../core/workflow.ts';
import { acceptedDomainOf } from '../../mail/routing/inbound-route.ts';
import { usualReadings } from '../../mail/routing/readings.ts';
import { routeMessage } from '../../mail/routing/route-message.ts';
import { routeUnder } from '../../mail/routing/route-under.ts';
import type { RoutingMessage, RoutingTenant } from '../../mail/routing/types.ts';
import type { World } from '../../ports/world.ts';
import { mayRefuse, neighboursOf } from './neighbours.ts';
import { type Counted, type SenderGroup, SenderGroups, tallyOf } from './sender-groups.ts';
import { routingOf, tenantAfter } from './tenant-after.ts';
import type { MailFlow } from './tenant-reads.ts';
import { type RecentMail, readRecentMail } from './trace-reads.ts';

/** Real milliseconds of judging in one turn of the event loop, so that clicks are answered meanwhile. */
const longestTurn = 20;

/** What a workflow has to say about the mail that was read. */
type MailWarnings = (mail: RecentMail, groups: readonly SenderGroup[]) => Promise<readonly Warning[]>;

/**
 * Whom and what changes of mail flow touch: the domains, the objects that act together with the changed ones, and
 * which mail of the last ten days would have been let in or refused otherwise, judged by the routing model.
 * `also` looks at the same mail, so that the trace is read once.
 */
export async function reachOf(
  world: World,
  flow: MailFlow,
  changes: readonly Change[],
  also: MailWarnings = () => Promise.resolve([]),
): Promise<Reach> {
  const before = routingOf(flow);
  const after = tenantAfter(before, changes);
  const groups = new SenderGroups(oursIn(before));
  const mail = await readRecentMail(world, (rows) => groups.add(rows));
  const warnings = await also(mail, groups.all());
  return {
    domains: flow.acceptedDomains.map(({ DomainName }) => DomainName).toSorted(),
    neighbours: neighboursOf(before, after, changes),
    mayRefuse: mayRefuse(before, after, changes),
    trace: mail.kind === 'unknown' ? mail : { ...mail, ...(await judgeAll(groups.all(), before, after)) },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

function oursIn(tenant: RoutingTenant): (domain: string) => boolean {
  return (domain) => acceptedDomainOf(tenant, domain) !== null;
}

type Judged = Pick<Extract<TraceReading, { kind: 'read' }>, 'messages' | 'recipients' | 'refused' | 'admitted'>;

async function judgeAll(groups: readonly SenderGroup[], before: RoutingTenant, after: RoutingTenant): Promise<Judged> {
  const isOurs = oursIn(before);
  const doubtOf = (group: SenderGroup): string | null => doubtAbout(group, before, after);
  const refused: Counted[] = [];
  const admitted: Counted[] = [];
  let began = performance.now();
  for (const group of groups) {
    if (performance.now() - began > longestTurn) {
      await nextTurn();
      began = performance.now();
    }
    const turn = judge(group, before, after);
    if (turn === 'refused' && group.passed > 0) refused.push({ group, messages: group.passed });
    if (turn === 'admitted' && group.refused > 0) admitted.push({ group, messages: group.refused });
  }
  return {
    messages: groups.reduce((sum, group) => sum + group.passed + group.refused, 0),
    recipients: new Set(groups.flatMap(({ recipients }) => [...recipients])).size,
    refused: tallyOf(refused, { isOurs, doubtOf }),
    admitted: tallyOf(admitted, { isOurs, doubtOf }),
  };
}

/** What the changes turn the fate of such messages into; null when it stays. */
function judge(group: SenderGroup, before: RoutingTenant, after: RoutingTenant): 'refused' | 'admitted' | null {
  const message = messageOf(group);
  const [was, is] = [before, after].map((tenant) => isRefused(tenant, message));
  if (was === is) return null;
  return is ? 'refused' : 'admitted';
}

function isRefused(tenant: RoutingTenant, message: RoutingMessage): boolean {
  const { kind } = routeUnder(tenant, message, usualReadings).verdict;
  return kind === 'refused' || kind === 'deferred';
}

/** What could make such messages come out otherwise, beside what was open before the changes. */
function doubtAbout(group: SenderGroup, before: RoutingTenant, after: RoutingTenant): string | null {
  const message = messageOf(group);
  const known = routeMessage(before, message).doubts;
  const doubt = routeMessage(after, message).doubts.find((one) => !known.includes(one));
  const byCertificate = after.inboundConnectors.some((one) => one.Enabled && one.RestrictDomainsToCertificate);
  return doubt ?? (byCertificate ? 'The trace does not tell which certificate a server shows.' : null);
}

/** The trace does not tell about TLS and certificates: a server is taken to use the one and to show none. */
function messageOf({ address, from, to, lastSeen }: SenderGroup): RoutingMessage {
  return {
    origin: { by: 'server', address, tls: true, certificate: [] },
    from,
    headerFrom: from,
    to,
    headers: [],
    type: null,
    size: 0,
    scl: null,
    recipientExists: true,
    divertedBy: [],
    at: Date.parse(lastSeen),
  };
}
