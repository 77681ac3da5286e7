import type { RoutingInbound } from './types.ts';

/**
 * Whether an inbound connector refuses mail: it is on, and what its SenderDomains name is taken from its addresses or
 * its certificate only. Source: New-InboundConnector; on connectors of type OnPremises the two switches refuse nothing.
 */
export function restricts(connector: RoutingInbound): boolean {
  const { Enabled, ConnectorType, RestrictDomainsToIPAddresses, RestrictDomainsToCertificate } = connector;
  return Enabled && ConnectorType === 'Partner' && (RestrictDomainsToIPAddresses || RestrictDomainsToCertificate);
}

/** Whether it does so for every sender, so that nobody delivers past it. */
export function locksEverybody(connector: RoutingInbound): boolean {
  return restricts(connector) && connector.SenderDomains.includes('*');
}

/**
 * Whether it refuses direct delivery to this domain (lower case), whoever sends it. Source: New-InboundConnector,
 * `AssociatedAcceptedDomains`; an empty list stands for every domain.
 */
export function refusesAllOf(connector: RoutingInbound, domain: string): boolean {
  const { AssociatedAcceptedDomains: only } = connector;
  return locksEverybody(connector) && (only.length === 0 || only.some((name) => name.toLowerCase() === domain));
}
