import type { Warning } from '../../core/workflow.ts';
import { isInside, spanOf } from '../../mail/address-span.ts';
import { locksEverybody, restricts } from '../../mail/routing/restricts.ts';
import type { InboundConnector } from '../../ports/exchange-online.ts';

/** Our connector, and the addresses of the gateway that other connectors should take mail from. */
interface Gate {
  readonly gatewayName: string;
  readonly connector: string;
  readonly ranges: readonly string[];
}

/** The other connectors that refuse mail, and whom: an approval is given in their presence or absence. */
export function restrictionsOf(others: readonly InboundConnector[], ranges: readonly string[]): string[] {
  return others
    .filter(restricts)
    .map((one) => `${one.Name}: ${whose(one)}${takesFrom(one, ranges) ? ', also from the gateway' : ''}`)
    .toSorted();
}

/** What the other connectors refuse, or only seem to refuse. */
export function restrictionWarnings(others: readonly InboundConnector[], gate: Gate): Warning[] {
  const acting = others.filter(restricts);
  const [taking, refusing] = [true, false].map((takes) =>
    acting.filter((one) => takesFrom(one, gate.ranges) === takes),
  );
  return [
    ...(refusing ?? []).map((one) => refusal(one, gate)),
    ...(taking ?? []).map(({ Name }) => ({
      level: 'notice' as const,
      text: `${Name} refuses direct delivery already; the addresses of ${gate.gatewayName} are among those it takes mail from.`,
    })),
    ...others.filter(isIllusion).map(({ Name }) => ({
      level: 'notice' as const,
      text: `${Name} looks like a lock but refuses nothing: on connectors of type OnPremises the restriction has no effect.`,
    })),
  ];
}

function refusal(other: InboundConnector, { gatewayName, connector }: Gate): Warning {
  const text =
    `${other.Name} takes ${whose(other)} only from what it lists. Once MX points at ${gatewayName}, this mail comes ` +
    `from there and is refused (5.7.51) for as long as ${connector} is switched off. An administrator of Exchange ` +
    `adds the addresses of ${gatewayName} to ${other.Name} or switches it off before MX is moved.`;
  return { level: 'danger', word: 'refuses-mail', text };
}

function whose(connector: InboundConnector): string {
  const { SenderDomains, AssociatedAcceptedDomains: to } = connector;
  const senders = locksEverybody(connector) ? 'mail of all senders' : `mail of ${SenderDomains.join(', ')}`;
  return to.length > 0 ? `${senders} to ${to.join(', ')}` : senders;
}

/** Whether it takes mail from every address of the gateway; what certificate a gateway shows, nobody knows. */
function takesFrom(connector: InboundConnector, ranges: readonly string[]): boolean {
  const listed = connector.SenderIPAddresses.map(spanOf).filter((span) => span !== null);
  return (
    !connector.RestrictDomainsToCertificate &&
    ranges.map(spanOf).every((span) => span !== null && listed.some((outer) => isInside(span, outer)))
  );
}

function isIllusion({ ConnectorType, RestrictDomainsToIPAddresses }: InboundConnector): boolean {
  return ConnectorType === 'OnPremises' && RestrictDomainsToIPAddresses;
}
