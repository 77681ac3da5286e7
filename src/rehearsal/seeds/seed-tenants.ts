import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';
import { seedAdatum } from './adatum.ts';
import { seedFabrikam } from './fabrikam.ts';
import { seedFourthCoffee } from './fourth-coffee.ts';
import { type NewTenant, newTenant } from './new-tenant.ts';
import { seedNorthwind } from './northwind.ts';
import { publishDomains, publishSigning } from './publish-domains.ts';
import { seedWingtip } from './wingtip.ts';

interface Seed extends Omit<NewTenant, 'id'> {
  readonly furnish?: (world: World, tenant: Tenant) => void;
  /** Set where the domains' records are not among the seeded zones: the mail host, or null for Office 365. */
  readonly mx?: string | null;
}

const SEEDS: readonly Seed[] = [
  { name: 'contoso', domains: ['contoso.com', 'sales.contoso.com'] },
  { name: 'fabrikam', domains: ['fabrikam.com'], furnish: seedFabrikam },
  {
    name: 'northwind',
    domains: ['northwind.example'],
    furnish: seedNorthwind,
    switches: { isDehydrated: true },
  },
  { name: 'adatum', domains: ['adatum.com'], furnish: seedAdatum },
  { name: 'tailspin', domains: ['tailspin.example'], furnish: withoutConsent },
  { name: 'wingtip', domains: ['wingtip.example'], furnish: seedWingtip },
  {
    name: 'woodgrove',
    domains: ['woodgrove.example'],
    mx: null,
    switches: { isDehydrated: true, newDkimTargets: true, newMxTargets: true },
    rejectDirectSend: null,
  },
  { name: 'treyresearch', domains: ['treyresearch.example'], mx: null, switches: { developer: true } },
  {
    name: 'lucerne',
    domains: ['lucerne.example'],
    mx: null,
    // A trial: made last week, never customised, and not trusted with relaying.
    switches: { isDehydrated: true, onPremisesInboundAllowed: false, tracePrincipal: false },
    rejectDirectSend: null,
    hasSigningKeys: false,
  },
  {
    name: 'fourthcoffee',
    domains: ['fourthcoffee.example', 'branch.fourthcoffee.example'],
    mx: 'mail.northwind.example',
    furnish: seedFourthCoffee,
  },
  {
    name: 'proseware',
    domains: ['proseware.example'],
    mx: 'mx.gate.example',
    switches: { onPremisesInboundAllowed: false, olderErrors: true, slashInNameRefused: true, regionalRedirect: true },
  },
];

/** Puts the organisations of the rehearsal into the world, in the states people really meet. */
export function seedTenants(world: World): void {
  world.tenants.clear();
  for (const [index, seed] of SEEDS.entries()) {
    const id = `c0000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
    const switches = { ...world.switches, ...seed.switches };
    const tenant = newTenant({ id, ...seed, switches }, world.clock.now());
    world.tenants.set(id, tenant);
    if (seed.mx === undefined) publishSigning(world, tenant);
    else publishDomains(world, tenant, seed.domains, seed.mx ?? undefined);
    seed.furnish?.(world, tenant);
  }
  world.tenants.changes.changed();
}

function withoutConsent(_world: World, tenant: Tenant): void {
  tenant.access.correct({ consent: 'missing', exchangePermission: false, graphPermissions: [], roles: [] });
}
