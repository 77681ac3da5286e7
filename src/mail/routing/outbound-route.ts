import { fitOf, mailDomain } from './address-match.ts';
import { acceptedDomainOf } from './inbound-route.ts';
import type { Readings } from './readings.ts';
import type { RoutingOutbound, RoutingTenant } from './types.ts';

/**
 * The connector by which mail for an address leaves when no rule chose one: exact domain, all accepted domains,
 * wildcard; null is by MX. Source: Microsoft, "What happens when I have multiple connectors for the same scenario".
 */
export function outboundRoute(tenant: RoutingTenant, recipient: string, readings: Readings): RoutingOutbound | null {
  const domain = mailDomain(recipient);
  const usable = tenant.outboundConnectors
    .filter(({ Enabled, IsTransportRuleScoped, TestMode }) => Enabled && !IsTransportRuleScoped && !TestMode)
    .toSorted((a, b) => (a.Name.toLowerCase() < b.Name.toLowerCase() ? -1 : 1));
  const nearness = ({ RecipientDomains }: RoutingOutbound): number =>
    Math.max(-1, ...RecipientDomains.map((space) => fitOf(space, domain)));
  const [best] = usable.filter((connector) => nearness(connector) >= 0).toSorted((a, b) => nearness(b) - nearness(a));
  const forAll = usable.find(({ AllAcceptedDomains }) => AllAcceptedDomains) ?? null;
  if (forAll === null || acceptedDomainOf(tenant, domain) === null) return best ?? null;
  if (best?.RecipientDomains.includes(domain)) return best;
  const isWildcardFirst = best !== undefined && readings.wildcardBeatsAllAccepted && nearness(best) > 0;
  return isWildcardFirst ? best : forAll;
}
