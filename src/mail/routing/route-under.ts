import { mailDomain } from './address-match.ts';
import { acceptedDomainOf, type InboundRoute, inboundRoute } from './inbound-route.ts';
import { mayLeave } from './leaving.ts';
import { outboundRoute } from './outbound-route.ts';
import type { Readings } from './readings.ts';
import { type RuleRun, runRules } from './rule-run.ts';
import type {
  Route,
  RouteCopy,
  RouteVerdict,
  RoutingDomain,
  RoutingMessage,
  RoutingOutbound,
  RoutingTenant,
} from './types.ts';

interface Judged {
  readonly copy: RouteCopy;
  readonly why: string;
  readonly doubt: string | null;
}

/** The way of a message under one reading of what is open; see {@link import('./route-message.ts').routeMessage}. */
export function routeUnder(tenant: RoutingTenant, message: RoutingMessage, readings: Readings): Route {
  const entry = entryOf(tenant, message, readings);
  const isInternal = countsAsInternal(entry, message, readings);
  const begun = { connectorIn: entry.connector?.Name ?? null, isInternal };
  if (entry.refusal !== null) {
    const verdict: RouteVerdict = { kind: entry.refusal === '5.7.3' ? 'deferred' : 'refused', code: entry.refusal };
    return { ...begun, ...ended(message, verdict), rules: [], scl: null, why: [entry.why], doubts: [] };
  }
  const muted = mutedDomain(tenant, message, entry);
  if (muted !== null) {
    const why = [entry.why, `Nobody may send from ${muted.DomainName} (SendingFromDomainDisabled).`];
    return { ...begun, ...ended(message, { kind: 'refused', code: '5.7.1' }), rules: [], scl: null, why, doubts: [] };
  }
  const run = runRules(tenant.transportRules, { tenant, message, isInternal, readings });
  const { rules, scl } = run;
  const why = [entry.why, ...run.why];
  if (run.verdict !== null) return { ...begun, ...ended(message, run.verdict), rules, scl, why, doubts: run.doubts };
  const isOwn = isFromTenant(message, entry);
  const judged = run.recipients.map((recipient) => judgeCopy({ tenant, run, recipient, readings, isOwn }));
  const copies = judged.map(({ copy }) => copy);
  const doubts = judged.map(({ doubt }) => doubt).filter((doubt) => doubt !== null);
  return {
    ...begun,
    ...first(copies, message),
    rules,
    scl,
    why: [...why, ...judged.map((one) => one.why)],
    doubts: [...run.doubts, ...doubts],
  };
}

/** What the edge says: the connectors' refusal, and that of a recipient who is known not to exist. */
function entryOf(tenant: RoutingTenant, message: RoutingMessage, readings: Readings): InboundRoute {
  if (message.origin.by === 'user') return { connector: null, refusal: null, why: 'A user of the tenant sends it.' };
  const entry = inboundRoute(tenant, message, message.origin, readings);
  const isMissing = isKnownMissing(tenant, message.to, message) && entry.refusal !== '5.7.64';
  if (!isMissing || (entry.refusal !== null && !readings.recipientFirst)) return entry;
  return { ...entry, refusal: '5.4.1', why: `The recipient ${message.to} does not exist.` };
}

/** Only an authoritative domain has no recipients besides its own. */
function isKnownMissing(tenant: RoutingTenant, recipient: string, { to, recipientExists }: RoutingMessage): boolean {
  const domain = acceptedDomainOf(tenant, mailDomain(recipient));
  return domain?.DomainType === 'Authoritative' && recipient === to && recipientExists === false;
}

/**
 * Users are internal, and so are servers behind an OnPremises connector that treats its messages so, or that keeps the
 * headers between the two halves of a hybrid organisation. Source: New-InboundConnector, TreatMessagesAsInternal and
 * CloudServicesMailEnabled.
 */
function countsAsInternal({ connector }: InboundRoute, message: RoutingMessage, readings: Readings): boolean {
  if (message.origin.by === 'user') return true;
  if (connector?.ConnectorType !== 'OnPremises') return false;
  const hasMark = message.headers.some(
    ({ name, value }) => name.toLowerCase() === 'x-ms-exchange-crosspremises-authas' && value === 'Internal',
  );
  const isHybrid = connector.CloudServicesMailEnabled && hasMark;
  return connector.TreatMessagesAsInternal || isHybrid || readings.returnedMailIsInternal;
}

function ended({ to }: RoutingMessage, verdict: RouteVerdict): Pick<Route, 'copies' | 'connectorOut' | 'verdict'> {
  return { copies: [{ recipient: to, connectorOut: null, verdict }], connectorOut: null, verdict };
}

function first(
  copies: readonly RouteCopy[],
  message: RoutingMessage,
): Pick<Route, 'copies' | 'connectorOut' | 'verdict'> {
  const [copy] = copies;
  if (!copy) return ended(message, { kind: 'deleted' });
  return { copies, connectorOut: copy.connectorOut, verdict: copy.verdict };
}

/** A user of the tenant sends it, or a server that an OnPremises connector names. */
function isFromTenant({ origin }: RoutingMessage, { connector }: InboundRoute): boolean {
  return origin.by === 'user' || connector?.ConnectorType === 'OnPremises';
}

/** The domain of its author or envelope sender from which the tenant itself may not send; null when there is none. */
function mutedDomain(tenant: RoutingTenant, message: RoutingMessage, entry: InboundRoute): RoutingDomain | null {
  if (!isFromTenant(message, entry)) return null;
  const domains = [message.from, message.headerFrom].map((sender) => acceptedDomainOf(tenant, mailDomain(sender)));
  return domains.find((domain) => domain?.SendingFromDomainDisabled) ?? null;
}

interface CopyQuestion {
  readonly tenant: RoutingTenant;
  readonly run: RuleRun;
  readonly recipient: string;
  readonly readings: Readings;
  readonly isOwn: boolean;
}

/** One copy; also one that a rule routes is held up where nothing may be delivered. */
function judgeCopy(question: CopyQuestion): Judged {
  const { tenant, run, recipient, isOwn } = question;
  const domain = acceptedDomainOf(tenant, mailDomain(recipient));
  if (domain?.SendingToDomainDisabled) {
    const copy: RouteCopy = { recipient, connectorOut: null, verdict: { kind: 'refused', code: '5.7.1' } };
    return { copy, why: `Nothing is delivered to ${domain.DomainName} (SendingToDomainDisabled).`, doubt: null };
  }
  const judged = copyFor(question, domain);
  if (judged.copy.verdict.kind !== 'sent' || domain !== null || !isOwn || run.message.type !== 'AutoForward') {
    return judged;
  }
  const name = mailDomain(recipient);
  const leaves = mayLeave(tenant.remoteDomains, name);
  if (leaves === true) return judged;
  if (leaves === null) return { ...judged, doubt: `Whether automatic forwards may leave for ${name} is not known.` };
  const copy: RouteCopy = { recipient, connectorOut: null, verdict: { kind: 'deleted' } };
  return { copy, why: `Automatic forwards may not leave for ${name} (AutoForwardEnabled).`, doubt: null };
}

function copyFor({ tenant, run, recipient, readings }: CopyQuestion, domain: RoutingDomain | null): Judged {
  const { connector, message } = run;
  if (connector !== null) return leaving(recipient, connector, null);
  if (domain === null) return leaving(recipient, outboundRoute(tenant, recipient, readings), null);
  const isAsked = recipient === message.to;
  const exists = isAsked ? message.recipientExists : null;
  if (exists === true) return staying(recipient, null);
  if (domain.DomainType !== 'Authoritative') {
    const doubt = `${domain.DomainName} is shared with other servers: whether ${recipient} is here is not known.`;
    return leaving(recipient, outboundRoute(tenant, recipient, readings), exists === null ? doubt : null);
  }
  if (exists === null) return staying(recipient, isAsked ? null : `Whether ${recipient} exists is not known.`);
  const verdict: RouteVerdict = { kind: 'refused', code: '5.1.10' };
  return { copy: { recipient, connectorOut: null, verdict }, why: `${recipient} does not exist.`, doubt: null };
}

function staying(recipient: string, doubt: string | null): Judged {
  const copy: RouteCopy = { recipient, connectorOut: null, verdict: { kind: 'delivered' } };
  return { copy, why: `It is for ${recipient} here; spam filtering decides about the folder.`, doubt };
}

function leaving(recipient: string, connector: RoutingOutbound | null, doubt: string | null): Judged {
  const hosts = connector?.UseMXRecord === false ? connector.SmartHosts : [];
  const verdict: RouteVerdict = { kind: 'sent', hosts };
  const copy = { recipient, connectorOut: connector?.Name ?? null, verdict };
  const to = hosts.length > 0 ? hosts.join(' or ') : `the MX of ${mailDomain(recipient)}`;
  const by = connector ? `by the connector "${connector.Name}"` : 'without a connector';
  return { copy, why: `It leaves for ${recipient} ${by}, to ${to}.`, doubt };
}
