import type { VirtualClock } from './clock.ts';
import type { DnsData } from './dns/dns-data.ts';
import type { RehearsalIdentity } from './entra/rehearsal-identity.ts';
import { textOf } from './exchange/exchange-object.ts';
import type { TenantSwitches } from './exchange/switches.ts';
import type { Tenant } from './exchange/tenant.ts';
import type { Tenants } from './exchange/tenants.ts';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { TraceStore } from './mail-flow/trace.ts';
import type { Ports } from './ports.ts';
import type { SmtpData } from './smtp/smtp-data.ts';

/** Everything the simulated cloud knows. Every part of it reads and changes this one object. */
export interface World {
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly faults: Faults;
  /** By tenant guid. */
  readonly tenants: Tenants;
  readonly dns: DnsData;
  readonly smtp: SmtpData;
  /** Message trace of every organisation. */
  readonly trace: TraceStore;
  readonly identity: RehearsalIdentity;
  readonly ports: Ports;
  /** Where the bot is, with the redirect addresses that its operator registered. */
  readonly botOrigin?: string;
  /** How seeded tenants differ from the usual, where a seed says nothing itself. */
  readonly switches?: Partial<TenantSwitches>;
}

/** Base address of the cloud's https endpoints. */
export function cloudUrl(world: World): string {
  return `https://127.0.0.1:${world.ports.https}`;
}

/** The Bot connector's address as the activities name it. */
export function serviceUrl(world: World): string {
  return `${cloudUrl(world)}/teams/`;
}

/** A tenant by guid, short name, initial domain or accepted domain. */
export function findTenant(world: World, key: string): Tenant | null {
  const wanted = key.toLowerCase();
  const tenants = [...world.tenants.values()];
  return (
    tenants.find((tenant) => [tenant.id, tenant.name, tenant.initialDomain].includes(wanted)) ??
    tenantOfDomain(world, wanted)
  );
}

/** The tenant that has this accepted domain, or null. */
export function tenantOfDomain(world: World, domain: string): Tenant | null {
  const wanted = domain.toLowerCase();
  for (const tenant of world.tenants.values()) {
    const domains = tenant.stores.acceptedDomains.stored();
    if (domains.some((object) => textOf(object, 'DomainName').toLowerCase() === wanted)) return tenant;
  }
  return null;
}
