import { type ExchangeObject, textOf } from '../exchange/exchange-object.ts';
import { domainOf } from './mail-message.ts';
import { closeness } from './match.ts';
import { acceptedDomainOf, type Setup } from './setup.ts';

/** Whether automatic replies may leave for an address. Those to its own people an organisation never holds back. */
export function mayAnswer(setup: Setup, address: string): boolean {
  if (acceptedDomainOf(setup, address) !== null) return true;
  const remote = remoteDomainOf(setup, domainOf(address));
  return remote === null || textOf(remote, 'AllowedOOFType') !== 'None';
}

/** Whether what its people's programs forward by themselves may leave for an address. */
export function mayForward(setup: Setup, address: string): boolean {
  if (acceptedDomainOf(setup, address) !== null) return true;
  return remoteDomainOf(setup, domainOf(address))?.['AutoForwardEnabled'] !== false;
}

/** The entry that is closest to a domain; `*` stands for all that have none of their own. */
function remoteDomainOf({ remoteDomains }: Setup, domain: string): ExchangeObject | null {
  const near = remoteDomains
    .map((one) => ({ one, distance: closeness(textOf(one, 'DomainName'), domain) ?? -1 }))
    .filter(({ distance }) => distance >= 0)
    .toSorted((left, right) => (left.distance > right.distance ? -1 : 1));
  return near[0]?.one ?? null;
}
