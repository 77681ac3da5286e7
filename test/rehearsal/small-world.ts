import { type Certificate, createAuthority } from '../../src/rehearsal/certificates.ts';
import { VirtualClock } from '../../src/rehearsal/clock.ts';
import { DnsData } from '../../src/rehearsal/dns/dns-data.ts';
import { createIdentityKeys, RehearsalIdentity } from '../../src/rehearsal/entra/rehearsal-identity.ts';
import type { ExchangeObject } from '../../src/rehearsal/exchange/exchange-object.ts';
import { createTenant, type ObjectKind, type Tenant } from '../../src/rehearsal/exchange/tenant.ts';
import { Tenants } from '../../src/rehearsal/exchange/tenants.ts';
import { Faults } from '../../src/rehearsal/faults.ts';
import { Journal } from '../../src/rehearsal/journal.ts';
import { TraceStore } from '../../src/rehearsal/mail-flow/trace.ts';
import { SmtpData } from '../../src/rehearsal/smtp/smtp-data.ts';
import type { World } from '../../src/rehearsal/world.ts';

/** A world with one tenant, contoso, that has two domains, one mailbox and no connector. */
export interface SmallWorld {
  readonly world: World;
  readonly contoso: Tenant;
  readonly authority: Certificate;
}

export async function smallWorld(): Promise<SmallWorld> {
  const clock = new VirtualClock(1);
  const contoso = createTenant({
    id: 'c0000000-0000-4000-8000-000000000001',
    name: 'contoso',
    initialDomain: 'contoso.onmicrosoft.com',
  });
  const world: World = {
    clock,
    journal: new Journal(() => clock.now()),
    faults: new Faults(),
    tenants: new Tenants([[contoso.id, contoso]]),
    dns: new DnsData(clock),
    smtp: new SmtpData(),
    trace: new TraceStore(),
    identity: new RehearsalIdentity(await createIdentityKeys()),
    ports: { http: 0, https: 0, dns: [0, 0], compliance: 0, smtp: 0 },
  };
  for (const name of ['contoso.com', 'sales.contoso.com']) {
    store(world, contoso, 'acceptedDomains', name, { DomainName: name, DomainType: 'Authoritative' });
  }
  contoso.mailboxes.add('info@contoso.com');
  return { world, contoso, authority: await createAuthority() };
}

/** Stores an object that mail flow acts on after `delaySeconds` of virtual time. */
export function store(
  world: World,
  tenant: Tenant,
  kind: ObjectKind,
  name: string,
  facts: ExchangeObject,
  delaySeconds = 0,
): void {
  const value = { Name: name, ...facts };
  tenant.stores[kind].put(name, value, world.clock.now(), { visible: 0, effective: delaySeconds });
}

/** Removes every connector at once. */
export function removeConnectors(world: World, tenant: Tenant): void {
  const connectors = tenant.stores.inboundConnectors;
  for (const { Name } of connectors.stored()) {
    connectors.put(String(Name), null, world.clock.now(), { visible: 0, effective: 0 });
  }
}

/** The lock as the gateways' instructions want it. */
export const lock: ExchangeObject = {
  ConnectorType: 'Partner',
  Enabled: true,
  SenderDomains: ['smtp:*;1'],
  RequireTls: true,
  RestrictDomainsToIPAddresses: true,
  SenderIPAddresses: ['65.99.255.0/24'],
};
