import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import { newTenant } from '../seeds/new-tenant.ts';
import { publishDomains } from '../seeds/publish-domains.ts';
import { findTenant, tenantOfDomain, type World } from '../world.ts';
import { showTenant } from './show-tenant.ts';

const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/u;

/** The organisations: list them, look into one, add one. */
export function tenantRoutes(world: World): Route[] {
  return [
    { method: 'GET', path: '/control/tenants', handle: () => json(200, list(world)) },
    { method: 'POST', path: '/control/tenants', handle: (request) => create(world, request) },
    { method: 'GET', path: '/control/tenants/:name', handle: ({ params }) => show(world, params['name'] ?? '') },
  ];
}

function list(world: World): Record<string, unknown>[] {
  return [...world.tenants.values()].map((tenant) => {
    const { id, name, initialDomain, domains, consent } = showTenant(world, tenant);
    return { id, name, initialDomain, domains, consent };
  });
}

function show(world: World, name: string): RehearsalResponse {
  const tenant = findTenant(world, name);
  if (!tenant) return json(404, { error: `There is no tenant ${name}.` });
  return json(200, showTenant(world, tenant));
}

function create(world: World, request: RehearsalRequest): RehearsalResponse {
  const { name, domains, mx } = jsonBody(request);
  if (typeof name !== 'string' || !/^[a-z][a-z0-9]{1,26}$/u.test(name)) {
    throw new BadRequest('name must be 2 to 27 small letters and digits, a letter first.');
  }
  if (findTenant(world, name)) throw new BadRequest(`There is a tenant ${name} already.`);
  if (!Array.isArray(domains) || domains.length === 0)
    throw new BadRequest('domains must be a list with one entry at least.');
  const names = domains.map((domain) => String(domain).toLowerCase());
  for (const domain of names) {
    if (!DOMAIN.test(domain)) throw new BadRequest(`${domain} is not a domain name.`);
    if (tenantOfDomain(world, domain)) throw new BadRequest(`${domain} belongs to another tenant.`);
  }
  const { switches = {}, clock } = world;
  const tenant = newTenant({ id: crypto.randomUUID(), name, domains: names, switches }, clock.now());
  world.tenants.set(tenant.id, tenant);
  world.tenants.changes.changed();
  publishDomains(world, tenant, names, typeof mx === 'string' && mx !== '' ? mx : undefined);
  return json(201, showTenant(world, tenant));
}
