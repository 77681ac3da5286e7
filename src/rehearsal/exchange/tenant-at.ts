import { tenantOfDomain, type World } from '../world.ts';
import type { Tenant } from './tenant.ts';

/** The tenant that an address names: by its guid, as is safe, or by one of its domains, which works too. */
export function tenantAt(world: World, segment: string): Tenant | undefined {
  const wanted = segment.toLowerCase();
  return world.tenants.get(wanted) ?? (wanted.includes('.') ? (tenantOfDomain(world, wanted) ?? undefined) : undefined);
}
