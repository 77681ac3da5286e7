import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';
import { runInThePast } from './run-in-the-past.ts';

/** The gateway's printed recipe: the restriction stands on a connector of a type that ignores it, so it locks nothing. */
export function seedAdatum(world: World, tenant: Tenant): void {
  runInThePast(world, tenant, 'New-InboundConnector', {
    Name: 'ExchangeDefender Inbound',
    ConnectorType: 'OnPremises',
    SenderDomains: '*',
    SenderIPAddresses: ['65.99.255.0/24'],
    RequireTls: true,
    RestrictDomainsToIPAddresses: true,
  });
}
