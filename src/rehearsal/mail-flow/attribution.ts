import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import { accepted, type SmtpReply } from '../smtp/smtp-reply.ts';
import type { FlowSwitches } from './flow-switches.ts';
import { domainOf } from './mail-message.ts';
import { certificateCarries, closest, holdsAddress } from './match.ts';
import { refusals } from './refusals.ts';
import { acceptedDomain, acceptedDomainOf, isUnknownRecipient, type Setup, senderSpaces } from './setup.ts';

/** What the edge knows when it hears RCPT TO. */
export interface EdgeQuestion {
  readonly from: string;
  readonly to: string;
  /** The public address the message comes from. */
  readonly source: string;
  readonly tls: boolean;
  readonly certificate: readonly string[];
}

export interface Attribution {
  readonly reply: SmtpReply;
  readonly setup: Setup | null;
  readonly connector: ExchangeObject | null;
}

/** Which organisation a message belongs to, by which of its connectors it came, and what the edge says to it. */
export function attribute(
  setups: readonly Setup[],
  question: EdgeQuestion,
  switches: FlowSwitches & { readonly recipientFirst: boolean },
): Attribution {
  const owner = ownerOf(setups, question);
  const setup = owner?.setup ?? setups.find((one) => acceptedDomainOf(one, question.to) !== null) ?? null;
  if (!setup) return { reply: refusals.relay, setup: null, connector: null };
  const missing = isUnknownRecipient(setup, question.to) ? refusals.unknown : null;
  const { reply, connector } = owner
    ? { reply: null, connector: owner.connector }
    : connectorFor(setup, question, switches);
  const first = switches.recipientFirst ? (missing ?? reply) : (reply ?? missing);
  return { reply: first ?? accepted, setup, connector };
}

/**
 * An organisation's own server: known by a certificate in one of its accepted domains, or else by its address together
 * with the organisation's own envelope sender. Only such a connection may relay.
 */
function ownerOf(setups: readonly Setup[], question: EdgeQuestion): { setup: Setup; connector: ExchangeObject } | null {
  for (const setup of setups) {
    const connector = ownServers(setup, question).find((one) => hasCertificate(setup, one, question));
    if (connector) return { setup, connector };
  }
  for (const setup of setups.filter((one) => acceptedDomainOf(one, question.from) !== null)) {
    const connector = ownServers(setup, question).find((one) => hasAddress(one, question));
    if (connector) return { setup, connector };
  }
  return null;
}

function connectorFor(
  setup: Setup,
  question: EdgeQuestion,
  switches: FlowSwitches,
): { reply: SmtpReply | null; connector: ExchangeObject | null } {
  // An OnPremises connector grants and never refuses, not even clear text.
  const own = ownServers(setup, question).find((one) => hasAddress(one, question));
  if (own) return { reply: null, connector: own };
  const partners = partnersOf(setup, question);
  const locks = partners.filter(restricts);
  const named = partners.filter(
    (one) => isIdentified(one, question) && (restricts(one) || switches.unrestrictedAddressesAdmit),
  );
  const connector = named[0] ?? partners.find((one) => !restricts(one)) ?? null;
  if (named.length === 0 && locks.length > 0) return { reply: refusals.locked, connector: locks[0] ?? null };
  if (connector && isOn(connector, 'RequireTls') && !question.tls) return { reply: refusals.tls, connector };
  const isKnown = partners.some((one) => isIdentified(one, question));
  return { reply: !isKnown && isDirectSend(setup, question) ? refusals.direct : null, connector };
}

/** An OnPremises connector is known by certificate or address alone: SenderDomains acts on partners. */
function ownServers(setup: Setup, question: EdgeQuestion): ExchangeObject[] {
  return enabled(setup, 'OnPremises', question).sort(byName);
}

/** The connectors whose sender domains cover the sender, the closest first. */
function partnersOf(setup: Setup, question: EdgeQuestion): ExchangeObject[] {
  const sender = domainOf(question.from);
  return enabled(setup, 'Partner', question)
    .map((one) => ({ one, distance: closest(senderSpaces(one), sender) }))
    .filter((found): found is { one: ExchangeObject; distance: number } => found.distance !== null)
    .sort((left, right) => compare(right.distance, left.distance) || byName(left.one, right.one))
    .map(({ one }) => one);
}

function enabled(setup: Setup, type: string, { to }: EdgeQuestion): ExchangeObject[] {
  return setup.inboundConnectors.filter(
    (one) => isOn(one, 'Enabled') && one['ConnectorType'] === type && concerns(one, to),
  );
}

function compare(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function byName(one: ExchangeObject, other: ExchangeObject): number {
  return textOf(one, 'Name').toLowerCase() < textOf(other, 'Name').toLowerCase() ? -1 : 1;
}

function concerns(connector: ExchangeObject, to: string): boolean {
  const domains = listOf(connector, 'AssociatedAcceptedDomains');
  return domains.length === 0 || domains.some((domain) => domain.toLowerCase() === domainOf(to));
}

function restricts(connector: ExchangeObject): boolean {
  return isOn(connector, 'RestrictDomainsToIPAddresses') || isOn(connector, 'RestrictDomainsToCertificate');
}

/** A restricting connector asks for all that it restricts to; any other is known by whatever it names. */
function isIdentified(connector: ExchangeObject, question: EdgeQuestion): boolean {
  const byAddress = hasAddress(connector, question);
  const byCertificate = showsCertificate(connector, question);
  if (!restricts(connector)) return byAddress || byCertificate;
  return (
    (byAddress || !isOn(connector, 'RestrictDomainsToIPAddresses')) &&
    (byCertificate || !isOn(connector, 'RestrictDomainsToCertificate'))
  );
}

function hasAddress(connector: ExchangeObject, { source }: EdgeQuestion): boolean {
  return holdsAddress(listOf(connector, 'SenderIPAddresses'), source);
}

/** The name, or the domain above it, must be an accepted domain of this organisation. */
function hasCertificate(setup: Setup, connector: ExchangeObject, question: EdgeQuestion): boolean {
  const name = textOf(connector, 'TlsSenderCertificateName').toLowerCase().replace(/^\*\./u, '');
  const isOwn = acceptedDomain(setup, name) ?? acceptedDomain(setup, name.slice(name.indexOf('.') + 1));
  return isOwn !== null && showsCertificate(connector, question);
}

function showsCertificate(connector: ExchangeObject, { tls, certificate }: EdgeQuestion): boolean {
  const name = textOf(connector, 'TlsSenderCertificateName');
  return tls && name !== '' && certificateCarries(certificate, name);
}

function isDirectSend(setup: Setup, { from }: EdgeQuestion): boolean {
  const [organization] = setup.organizationConfig;
  return organization !== undefined && isOn(organization, 'RejectDirectSend') && acceptedDomainOf(setup, from) !== null;
}
