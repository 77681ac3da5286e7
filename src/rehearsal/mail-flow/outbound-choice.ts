import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import type { FlowSwitches } from './flow-switches.ts';
import { domainOf } from './mail-message.ts';
import { closeness } from './match.ts';
import { acceptedDomain, type Setup } from './setup.ts';

/** The outbound connector for a recipient: exact domain, then all accepted domains, then wildcard; null is by MX. */
export function chooseOutbound(setup: Setup, recipient: string, switches: FlowSwitches): ExchangeObject | null {
  const domain = domainOf(recipient);
  const usable = setup.outboundConnectors
    .filter((one) => isOn(one, 'Enabled') && !isOn(one, 'IsTransportRuleScoped') && !isOn(one, 'TestMode'))
    .sort((one, other) => (textOf(one, 'Name').toLowerCase() < textOf(other, 'Name').toLowerCase() ? -1 : 1));
  const spaces = usable.flatMap((connector) =>
    listOf(connector, 'RecipientDomains').map((space) => ({ connector, distance: closeness(space, domain) })),
  );
  const exact = spaces.find(({ distance }) => distance === Number.POSITIVE_INFINITY)?.connector;
  const isAccepted = acceptedDomain(setup, domain) !== null;
  const forAll = isAccepted ? usable.find((one) => isOn(one, 'AllAcceptedDomains')) : undefined;
  const wildcards = spaces.filter(({ distance }) => distance !== null);
  const longest = Math.max(...wildcards.map(({ distance }) => distance ?? 0));
  const wildcard = wildcards.find(({ distance }) => distance === longest)?.connector;
  // `*` names no domain, so even the reading that prefers wildcards puts it last.
  const isEarly = switches.wildcardBeatsAllAccepted && longest > 0;
  return exact ?? (isEarly ? (wildcard ?? forAll) : (forAll ?? wildcard)) ?? null;
}
