import { publishDkimKeys } from '../exchange/dkim-targets.ts';
import { mxTarget } from '../exchange/mx-target.ts';
import type { Tenant } from '../exchange/tenant.ts';
import { prepareGateway } from '../smtp/prepare-gateway.ts';
import type { World } from '../world.ts';

/** The public records of a tenant's domains; every resolver knows them. `mx` is Office 365 itself unless said. */
export function publishDomains(world: World, tenant: Tenant, domains: readonly string[], mx?: string): void {
  for (const domain of domains) {
    world.dns.set(domain, 'MX', [{ data: `0 ${mx ?? mxTarget(tenant, domain)}` }], true);
    world.dns.set(domain, 'TXT', [{ data: 'v=spf1 include:spf.protection.outlook.com -all' }], true);
    prepareGateway(world, domain);
  }
  world.dns.set(tenant.initialDomain, 'MX', [{ data: `0 ${mxTarget(tenant, tenant.initialDomain)}` }], true);
  publishSigning(world, tenant);
}

/** Microsoft's side of signing: the keys at which the domains' aliases may point. */
export function publishSigning(world: World, tenant: Tenant): void {
  for (const config of tenant.stores.dkimConfigs.stored()) publishDkimKeys(world, config);
}
