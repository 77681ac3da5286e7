import { RefusedError } from '../../core/errors.ts';
import type { SetUp } from '../../core/set-up.ts';
import { findGateway } from '../../mail/gateways/index.ts';
import { splitForExchange } from '../../mail/ip-ranges.ts';

/**
 * Refuses to go on with addresses that are not those of the catalogue any more: a lock to them would refuse mail of the
 * gateway. Typed addresses, and those of a gateway that the catalogue no longer has, are taken as they are.
 */
export function insistOnAddressesNow(setUp: SetUp): void {
  const found = findGateway(setUp.gateway);
  const catalogue = found.kind === 'found' ? splitForExchange(found.gateway.ranges) : null;
  if (found.kind !== 'found' || !catalogue?.ok) return;
  const missing = catalogue.ranges.filter((range) => !setUp.ranges.includes(range));
  const old = setUp.ranges.filter((range) => !catalogue.ranges.includes(range));
  if (missing.length + old.length === 0) return;
  const { name, key } = found.gateway;
  const changes = [
    ...(missing.length > 0 ? [`it also delivers from ${missing.join(', ')}`] : []),
    ...(old.length > 0 ? [`it no longer delivers from ${old.join(', ')}`] : []),
  ];
  throw new RefusedError(
    `The addresses of ${name} are not those of its set-up for ${setUp.domain} any more: ${changes.join(', and ')}.`,
    {
      operation: 'lock-down',
      next: `A requester asks for the set-up again (set up gateway ${key} for ${setUp.domain}), which writes the addresses of now and leaves the connector switched off; then for the lock-down.`,
    },
  );
}
