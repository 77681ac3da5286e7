import { locksEverybody } from '../../mail/routing/restricts.ts';
import type { InboundConnector } from '../../ports/exchange-online.ts';

/** Whether a connector refuses direct delivery to a domain, whoever sends it. */
export function refusesAllOf(connector: InboundConnector, domain: string): boolean {
  const { AssociatedAcceptedDomains: only } = connector;
  return locksEverybody(connector) && (only.length === 0 || only.some((name) => name.toLowerCase() === domain));
}
