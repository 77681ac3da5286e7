import type { Tenant } from '../exchange/tenant.ts';
import { BadRequest } from '../http.ts';
import { findTenant, type World } from '../world.ts';

/** The tenant that a control call names: by short name, guid or domain. */
export function tenantFrom(world: World, key: unknown): Tenant {
  const tenant = typeof key === 'string' ? findTenant(world, key) : null;
  if (tenant) return tenant;
  const names = [...world.tenants.values()].map(({ name }) => name).join(', ');
  throw new BadRequest(`There is no tenant ${String(key)}. There are ${names}.`);
}
