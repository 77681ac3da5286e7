import { addressIsIn } from '../address-span.ts';
import { certificateHas, fitOf, isWithin, mailDomain } from './address-match.ts';
import type { Readings } from './readings.ts';
import { restricts } from './restricts.ts';
import type { RoutingDomain, RoutingInbound, RoutingMessage, RoutingOrigin, RoutingTenant } from './types.ts';

/** How a message gets into the tenant: by which connector, or why not. */
export interface InboundRoute {
  readonly connector: RoutingInbound | null;
  /** Enhanced status code of the refusal, or null when it is let in. */
  readonly refusal: string | null;
  readonly why: string;
}

type Server = Extract<RoutingOrigin, { by: 'server' }>;

/** The accepted domain that a domain belongs to, or null. */
export function acceptedDomainOf(tenant: RoutingTenant, domain: string): RoutingDomain | null {
  const owns = ({ DomainName, MatchSubDomains }: RoutingDomain): boolean =>
    DomainName === domain || (MatchSubDomains && isWithin(domain, DomainName));
  return domain === '' ? null : (tenant.acceptedDomains.find(owns) ?? null);
}

/**
 * Attributes a message of a server to a connector: certificate in an accepted domain, then own sender with a known
 * address, then by recipient the address of an own server, a partner connector that names the source, and a partner
 * connector by sender domain alone, which loses to one that restricts. Sources: Microsoft MC1226222 (order),
 * New-InboundConnector (what acts on which type), OfficeDocs-Exchange pull request 1041 (choice between partners).
 */
export function inboundRoute(
  tenant: RoutingTenant,
  message: RoutingMessage,
  origin: Server,
  readings: Readings,
): InboundRoute {
  const own = ownServers(tenant, message);
  const byCertificate = own.find((connector) => isOwnCertificate(tenant, connector, origin));
  if (byCertificate) return granted(byCertificate, 'its certificate is in an accepted domain');
  const byAddress = own.find(({ SenderIPAddresses }) => addressIsIn(origin.address, SenderIPAddresses));
  const isOwnSender = acceptedDomainOf(tenant, mailDomain(message.from)) !== null;
  if (byAddress && isOwnSender) return granted(byAddress, 'its address and an own sender are known');
  if (acceptedDomainOf(tenant, mailDomain(message.to)) === null) {
    return { connector: null, refusal: '5.7.64', why: 'No connector lets this server relay to a domain outside.' };
  }
  if (byAddress) return granted(byAddress, 'its address is that of an own server');
  return partnerRoute(tenant, message, origin, readings);
}

function granted(connector: RoutingInbound, because: string): InboundRoute {
  return { connector, refusal: null, why: `It comes by the connector "${connector.Name}": ${because}.` };
}

function partnerRoute(
  tenant: RoutingTenant,
  message: RoutingMessage,
  origin: Server,
  readings: Readings,
): InboundRoute {
  const partners = rankedPartners(tenant, message);
  const locking = partners.filter(restricts);
  const admitting = partners.find(
    (partner) => names(partner, origin) && (restricts(partner) || readings.unrestrictedAddressesAdmit),
  );
  const [refusing] = locking;
  if (!admitting && refusing) {
    const why = `The connector "${refusing.Name}" takes mail for these recipients only from what it lists, and ${origin.address} is not in it.`;
    return { connector: refusing, refusal: '5.7.51', why };
  }
  const chosen = admitting ?? partners[0] ?? null;
  if (chosen?.RequireTls && !origin.tls) {
    return { connector: chosen, refusal: '5.7.3', why: `The connector "${chosen.Name}" wants TLS.` };
  }
  if (isDirectSend(tenant, message) && !partners.some((partner) => names(partner, origin))) {
    const why =
      'The sender is the own domain, no connector knows the server, and the organisation rejects direct send.';
    return { connector: chosen, refusal: '5.7.68', why };
  }
  if (!chosen)
    return { connector: null, refusal: null, why: 'No connector is about it; it comes in from the internet.' };
  const by = admitting ? 'what it lists names the server' : 'it covers the sender domain';
  return granted(chosen, by);
}

/** By name, whoever the sender is: a certificate or an address makes them known. Source: New-InboundConnector, SenderDomains. */
function ownServers(tenant: RoutingTenant, message: RoutingMessage): RoutingInbound[] {
  return acting(tenant, message, 'OnPremises').toSorted(byName);
}

/** Those whose SenderDomains cover the sender, the most specific of them first, then by name. */
function rankedPartners(tenant: RoutingTenant, message: RoutingMessage): RoutingInbound[] {
  const nearness = ({ SenderDomains }: RoutingInbound): number =>
    Math.max(-1, ...SenderDomains.map((space) => fitOf(space, mailDomain(message.from))));
  return acting(tenant, message, 'Partner')
    .filter((partner) => nearness(partner) >= 0)
    .toSorted((a, b) => nearness(b) - nearness(a) || byName(a, b));
}

function acting(
  tenant: RoutingTenant,
  { to }: RoutingMessage,
  type: RoutingInbound['ConnectorType'],
): RoutingInbound[] {
  return tenant.inboundConnectors.filter(
    ({ Enabled, ConnectorType, AssociatedAcceptedDomains: only }) =>
      Enabled && ConnectorType === type && (only.length === 0 || only.includes(mailDomain(to))),
  );
}

function byName(a: RoutingInbound, b: RoutingInbound): number {
  return a.Name.toLowerCase() < b.Name.toLowerCase() ? -1 : 1;
}

/** Whether what the connector lists names this server: everything it restricts to, or anything when it does not. */
function names(connector: RoutingInbound, origin: Server): boolean {
  const address = addressIsIn(origin.address, connector.SenderIPAddresses);
  const certificate = hasCertificate(connector, origin);
  const { RestrictDomainsToCertificate, RestrictDomainsToIPAddresses } = connector;
  if (RestrictDomainsToIPAddresses && RestrictDomainsToCertificate) return address && certificate;
  if (RestrictDomainsToIPAddresses) return address;
  return RestrictDomainsToCertificate ? certificate : address || certificate;
}

function hasCertificate({ TlsSenderCertificateName }: RoutingInbound, { tls, certificate }: Server): boolean {
  return tls && TlsSenderCertificateName !== null && certificateHas(certificate, TlsSenderCertificateName);
}

function isOwnCertificate(tenant: RoutingTenant, connector: RoutingInbound, origin: Server): boolean {
  const name = (connector.TlsSenderCertificateName ?? '').toLowerCase().replace(/^\*\./u, '');
  const [, ...parent] = name.split('.');
  const isAccepted = acceptedDomainOf(tenant, name) ?? acceptedDomainOf(tenant, parent.join('.'));
  return isAccepted !== null && hasCertificate(connector, origin);
}

function isDirectSend(tenant: RoutingTenant, { from }: RoutingMessage): boolean {
  return tenant.rejectDirectSend && acceptedDomainOf(tenant, mailDomain(from)) !== null;
}
