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
