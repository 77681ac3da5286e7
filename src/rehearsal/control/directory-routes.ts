import type { Consent, Tenant, TenantSwitches } from '../exchange/tenant.ts';
import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { World } from '../world.ts';
import { showTenant } from './show-tenant.ts';
import { tenantFrom } from './tenant-from.ts';

const CONSENTS: readonly Consent[] = ['granted', 'missing', 'revoked'];

/** Consent, roles, mailboxes and the peculiarities of a tenant. */
export function directoryRoutes(world: World): Route[] {
  return [{ method: 'PUT', path: '/control/directory', handle: (request) => change(world, request) }];
}

function change(world: World, request: RehearsalRequest): RehearsalResponse {
  const body = jsonBody(request);
  const tenant = tenantFrom(world, body['tenant']);
  const { consent, hasExchangeRole, hasDirectoryRole, mailboxes, switches } = body;
  const wanted = CONSENTS.find((state) => state === consent);
  if (consent !== undefined && !wanted) throw new BadRequest(`consent must be one of ${CONSENTS.join(', ')}.`);
  const changes = [
    () => {
      if (wanted) grant(tenant, wanted);
    },
    flagSetter('hasExchangeRole', hasExchangeRole, (on) => {
      tenant.hasExchangeRole = on;
    }),
    flagSetter('hasDirectoryRole', hasDirectoryRole, (on) => {
      tenant.hasDirectoryRole = on;
    }),
    ...switchSetters(tenant.switches, switches),
    mailboxSetter(tenant, mailboxes),
  ];
  for (const apply of changes) apply();
  world.tenants.changes.changed();
  return json(200, showTenant(world, tenant));
}

/** Consent brings the application permission and takes it away; the directory role is given by other hands. */
function grant(tenant: Tenant, consent: Consent): void {
  tenant.consent = consent;
  tenant.hasExchangeRole = consent === 'granted';
}

/** Checks now, changes later: a call with a mistake in it changes nothing. */
function flagSetter(name: string, value: unknown, set: (on: boolean) => void): () => void {
  if (value === undefined) return () => {};
  if (typeof value !== 'boolean') throw new BadRequest(`${name} must be true or false.`);
  return () => set(value);
}

function switchSetters(switches: TenantSwitches, value: unknown): (() => void)[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) throw new BadRequest('switches must be an object.');
  return Object.entries(value).map(([name, on]) => {
    const known = (Object.keys(switches) as (keyof TenantSwitches)[]).find((key) => key === name);
    if (!known) throw new BadRequest(`There is no switch ${name}. There are ${Object.keys(switches).join(', ')}.`);
    return flagSetter(name, on, (wanted) => {
      switches[known] = wanted;
    });
  });
}

function mailboxSetter(tenant: Tenant, value: unknown): () => void {
  if (value === undefined) return () => {};
  if (!Array.isArray(value)) throw new BadRequest('mailboxes must be a list of addresses.');
  return () => {
    tenant.mailboxes.clear();
    for (const address of value) tenant.mailboxes.add(String(address).toLowerCase());
  };
}
