import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';
import { seedAdatum } from './adatum.ts';
import { seedFabrikam } from './fabrikam.ts';
import { newTenant } from './new-tenant.ts';
import { seedNorthwind } from './northwind.ts';
import { seedWingtip } from './wingtip.ts';

type Furnish = (world: World, tenant: Tenant) => void;

interface Seed {
  readonly name: string;
  readonly domains: readonly string[];
  readonly furnish: Furnish;
  readonly isDehydrated?: boolean;
}

const SEEDS: readonly Seed[] = [
  { name: 'contoso', domains: ['contoso.com', 'sales.contoso.com'], furnish: () => {} },
  { name: 'fabrikam', domains: ['fabrikam.com'], furnish: seedFabrikam },
  { name: 'northwind', domains: ['northwind.example'], furnish: seedNorthwind, isDehydrated: true },
  { name: 'adatum', domains: ['adatum.com'], furnish: seedAdatum },
  { name: 'tailspin', domains: ['tailspin.example'], furnish: withoutConsent },
  { name: 'wingtip', domains: ['wingtip.example'], furnish: seedWingtip },
];

/** Puts the six organisations of the rehearsal into the world, in the states people really meet. */
export function seedTenants(world: World): void {
  world.tenants.clear();
  for (const [index, seed] of SEEDS.entries()) {
    const id = `c0000000-0000-4000-8000-00000000000${index + 1}`;
    const tenant = newTenant({ id, ...seed }, world.clock.now());
    world.tenants.set(id, tenant);
    seed.furnish(world, tenant);
  }
  world.tenants.changes.changed();
}

function withoutConsent(_world: World, tenant: Tenant): void {
  tenant.consent = 'missing';
  tenant.hasExchangeRole = false;
  tenant.hasDirectoryRole = false;
}
