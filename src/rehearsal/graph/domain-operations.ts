import { listOf, textOf } from '../exchange/exchange-object.ts';
import type { Tenant } from '../exchange/tenant.ts';
import type { RehearsalResponse } from '../http.ts';
import { acceptedDomain } from '../seeds/accepted-domain.ts';
import { tenantOfDomain } from '../world.ts';
import { serviceRecords, verificationRecords } from './domain-records.ts';
import { badRequest, GraphError, noResource } from './graph-error.ts';
import { type GraphEntity, listAnswer, oneAnswer } from './graph-list.ts';
import type { GraphCall, GraphOperation } from './graph-operation.ts';
import { idIn } from './principals.ts';

const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/u;
const READ = ['Domain.Read.All', 'Domain.ReadWrite.All'] as const;
const WRITE = ['Domain.ReadWrite.All'] as const;

/** The tenant's domains, the records they need, and adding one by proving to own it. */
export const domainOperations: readonly GraphOperation[] = [
  { method: 'GET', path: /^domains$/iu, permissions: READ, run: (call) => listAnswer(call, domains(call), 'domains') },
  { method: 'POST', path: /^domains$/iu, permissions: WRITE, run: addDomain },
  {
    method: 'GET',
    path: /^domains\/(?<key>[^/]+)$/iu,
    permissions: READ,
    run: (call) => oneAnswer(call, domainOf(call)),
  },
  { method: 'DELETE', path: /^domains\/(?<key>[^/]+)$/iu, permissions: WRITE, run: removeDomain },
  {
    method: 'GET',
    path: /^domains\/(?<key>[^/]+)\/serviceConfigurationRecords$/iu,
    permissions: READ,
    run: (call) => {
      const { id, isVerified } = domainOf(call);
      const records = isVerified === true ? serviceRecords(call.tenant, String(id)) : [];
      return listAnswer(call, records, 'serviceConfigurationRecords');
    },
  },
  {
    method: 'GET',
    path: /^domains\/(?<key>[^/]+)\/verificationDnsRecords$/iu,
    permissions: READ,
    run: (call) => {
      const id = String(domainOf(call)['id']);
      return listAnswer(call, verificationRecords(call.tenant, id, proofOf(call.tenant, id)), 'verificationDnsRecords');
    },
  },
  { method: 'POST', path: /^domains\/(?<key>[^/]+)\/verify$/iu, permissions: WRITE, run: verify },
];

/** The text that proves ownership is the same whenever it is asked for. */
function proofOf(tenant: Tenant, domain: string): string {
  const digits = Number.parseInt(idIn(tenant.id, `proof ${domain}`).slice(0, 8), 16) % 100_000_000;
  return `MS=ms${String(digits).padStart(8, '0')}`;
}

function domains({ tenant }: GraphCall): GraphEntity[] {
  const verified = tenant.stores.acceptedDomains.stored();
  const names = verified.map((domain) => textOf(domain, 'DomainName'));
  return [
    ...verified.map((domain) => {
      const id = textOf(domain, 'DomainName');
      return entity(id, {
        isVerified: true,
        isDefault: domain['Default'] === true,
        isInitial: domain['InitialDomain'] === true,
        isRoot: !names.some((other) => id.endsWith(`.${other}`)),
      });
    }),
    ...[...tenant.unverifiedDomains.keys()].map((id) =>
      entity(id, { isVerified: false, isDefault: false, isInitial: false, isRoot: true }),
    ),
  ];
}

function entity(id: string, facts: GraphEntity): GraphEntity {
  const supportedServices = facts['isVerified'] === true ? ['Email', 'OfficeCommunicationsOnline'] : [];
  return { id, authenticationType: 'Managed', isAdminManaged: true, ...facts, supportedServices, state: null };
}

function domainOf(call: GraphCall): GraphEntity {
  const found = domains(call).find(({ id }) => id === call.key.toLowerCase());
  if (!found) throw noResource(call.key);
  return found;
}

function addDomain(call: GraphCall): RehearsalResponse {
  const { tenant, world } = call;
  const { id } = call.body();
  const name = typeof id === 'string' ? id.toLowerCase() : '';
  if (!DOMAIN.test(name)) throw badRequest(`The domain name '${String(id)}' is not valid.`);
  const all = domains(call);
  if (all.some((domain) => domain['id'] === name)) {
    throw new GraphError(409, 'Request_ResourceExists', `The domain '${name}' is already added.`);
  }
  // Whoever owns a domain owns what is below it.
  const isOwned = all.some((domain) => domain['isVerified'] === true && name.endsWith(`.${String(domain['id'])}`));
  if (isOwned) accept(call, name);
  else tenant.unverifiedDomains.set(name, { name, proof: proofOf(tenant, name) });
  world.tenants.changes.changed();
  return oneAnswer(call, domainOf({ ...call, key: name }), 201);
}

function verify(call: GraphCall): RehearsalResponse {
  const { tenant, world, key } = call;
  const name = key.toLowerCase();
  if (domainOf(call)['isVerified'] === true) return oneAnswer(call, domainOf(call));
  const owner = tenantOfDomain(world, name);
  if (owner) throw badRequest(`The domain '${name}' is in use by another organization.`);
  const proof = proofOf(tenant, name);
  if (!world.dns.authority(name, 'TXT').some(({ data }) => data.trim() === proof)) {
    throw badRequest(`Domain verification failed: the record '${proof}' of '${name}' was not found.`);
  }
  tenant.unverifiedDomains.delete(name);
  accept(call, name);
  world.tenants.changes.changed();
  return oneAnswer(call, domainOf(call));
}

/** Exchange accepts mail for a verified domain; mail flow learns of it in its time. */
function accept({ tenant, now }: GraphCall, name: string): void {
  const domain = acceptedDomain(tenant, name, now);
  tenant.stores.acceptedDomains.put(textOf(domain, 'Guid'), domain, now, { visible: 0, effective: 120 });
}

function removeDomain(call: GraphCall): RehearsalResponse {
  const { tenant, world, now } = call;
  const { id, isDefault, isInitial } = domainOf(call);
  const name = String(id);
  if (isDefault === true || isInitial === true) throw badRequest(`The domain '${name}' cannot be deleted.`);
  const domain = tenant.stores.acceptedDomains.find(name);
  const isUsed = [...tenant.mailboxes].some((address) => address.endsWith(`@${name}`)) || isNamed(tenant, name);
  if (domain && isUsed) throw badRequest(`The domain '${name}' is still in use: remove the references to it first.`);
  if (domain) {
    tenant.stores.acceptedDomains.put(textOf(domain, 'Guid'), null, now, { visible: 0, effective: 120 });
  }
  tenant.unverifiedDomains.delete(name);
  world.tenants.changes.changed();
  return { status: 204 };
}

function isNamed({ stores }: Tenant, domain: string): boolean {
  return stores.inboundConnectors.stored().some((one) => listOf(one, 'AssociatedAcceptedDomains').includes(domain));
}
