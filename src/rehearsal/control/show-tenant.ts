import { type ExchangeObject, textOf } from '../exchange/exchange-object.ts';
import { OBJECT_KINDS, type ObjectKind, type Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';

interface HeldObject {
  /** What the directory holds; null when it was removed but still acts. */
  readonly stored: ExchangeObject | null;
  /** What mail flow acts on now; null when it does not know the object yet. */
  readonly effective: ExchangeObject | null;
  readonly storedAt: string;
  readonly effectiveAt: string;
  readonly isEffective: boolean;
}

/** Everything a tenant holds at this virtual moment. */
export function showTenant(world: World, tenant: Tenant): Record<string, unknown> {
  const now = world.clock.now();
  const { id, name, initialDomain, consent, hasExchangeRole, hasDirectoryRole, switches } = tenant;
  const rightsActAt = tenant.access.actsAt(now, switches);
  const objects = OBJECT_KINDS.map((kind) => [kind, held(tenant, kind, now)]);
  return {
    id,
    name,
    initialDomain,
    domains: tenant.stores.acceptedDomains.stored().map((domain) => textOf(domain, 'DomainName')),
    now: new Date(now).toISOString(),
    consent,
    hasExchangeRole,
    hasDirectoryRole,
    principalEnabled: tenant.access.current.principalEnabled,
    directoryRoles: tenant.access.current.roles,
    graphPermissions: tenant.access.current.graphPermissions,
    rightsActAt: rightsActAt === null ? null : new Date(rightsActAt).toISOString(),
    switches,
    unverifiedDomains: [...tenant.unverifiedDomains.keys()],
    mailboxes: [...tenant.mailboxes],
    groups: Object.fromEntries([...tenant.groups].map(([group, members]) => [group, [...members]])),
    ...Object.fromEntries(objects),
  };
}

function held(tenant: Tenant, kind: ObjectKind, now: number): HeldObject[] {
  return tenant.stores[kind].current(now).map(({ newest, acting }) => ({
    stored: newest.value,
    effective: acting,
    storedAt: new Date(newest.storedAt).toISOString(),
    effectiveAt: new Date(newest.effectiveAt).toISOString(),
    isEffective: newest.effectiveAt <= now,
  }));
}
