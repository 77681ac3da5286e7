import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';
import { runInThePast } from './run-in-the-past.ts';

const MAILPROTECTOR = ['52.0.31.31', '52.0.70.91', '52.0.74.211'];

/** Consent was taken away while the lock was on: the connector stays and goes on refusing. */
export function seedWingtip(world: World, tenant: Tenant): void {
  runInThePast(world, tenant, 'New-InboundConnector', {
    Name: 'Switchyard - Inbound from Mailprotector (CloudFilter)',
    ConnectorType: 'Partner',
    SenderDomains: '*',
    SenderIPAddresses: MAILPROTECTOR,
    EFSkipIPs: MAILPROTECTOR,
    RequireTls: true,
    RestrictDomainsToIPAddresses: true,
    Comment: '[switchyard:mailprotector] Managed by Switchyard. Change it there, with an approval, not by hand.',
  });
  tenant.access.correct({ consent: 'revoked', exchangePermission: false, graphPermissions: [], roles: [] });
}
