import type { AccessState, Consent } from '../entra/access.ts';
import { directoryRoleNames } from '../entra/directory-roles.ts';
import { graphPermissionNames, requestedPermissions } from '../entra/graph-permissions.ts';
import { switchProblem } from '../exchange/switches.ts';
import { type Tenant, withAdministrator } from '../exchange/tenant.ts';
import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { World } from '../world.ts';
import { showTenant } from './show-tenant.ts';
import { tenantFrom } from './tenant-from.ts';

const CONSENTS: readonly Consent[] = ['granted', 'missing', 'revoked'];

/** Consent, roles, permissions, mailboxes and the peculiarities of a tenant. */
export function directoryRoutes(world: World): Route[] {
  return [{ method: 'PUT', path: '/control/directory', handle: (request) => change(world, request) }];
}

/** Everything is checked before anything is changed: a call with a mistake in it changes nothing. */
function change(world: World, request: RehearsalRequest): RehearsalResponse {
  const body = jsonBody(request);
  const tenant = tenantFrom(world, body['tenant']);
  const now = world.clock.now();
  const access = accessChange(tenant, body);
  const switches = switchesFrom(body['switches']);
  const mailboxes = body['mailboxes'] === undefined ? null : addressesFrom('mailboxes', body['mailboxes']);
  const groups = groupsFrom(body['groups']);
  if (Object.keys(access).length > 0) tenant.access.change(access, now);
  Object.assign(tenant.switches, switches);
  if ('isDehydrated' in switches) noteDehydration(tenant, now);
  if (mailboxes) {
    tenant.mailboxes.clear();
    for (const address of mailboxes) tenant.mailboxes.add(address);
  }
  for (const [group, members] of groups) tenant.groups.set(group, new Set(members));
  world.tenants.changes.changed();
  return json(200, showTenant(world, tenant));
}

/** Consent brings the permissions and takes them away; directory roles are given by other hands. */
function accessChange({ access }: Tenant, body: Readonly<Record<string, unknown>>): Partial<AccessState> {
  const consent = body['consent'] === undefined ? undefined : oneOf('consent', body['consent'], CONSENTS);
  const principalEnabled = flagFrom('principalEnabled', body['principalEnabled']);
  const exchangePermission = flagFrom('hasExchangeRole', body['hasExchangeRole']);
  const isAdministrator = flagFrom('hasDirectoryRole', body['hasDirectoryRole']);
  const roles = listFrom('directoryRoles', body['directoryRoles'], directoryRoleNames);
  const graphPermissions = listFrom('graphPermissions', body['graphPermissions'], graphPermissionNames);
  const isGranted = consent === 'granted';
  const byConsent = { exchangePermission: isGranted, graphPermissions: isGranted ? requestedPermissions : [] };
  return {
    ...(consent === undefined ? {} : { consent, ...byConsent }),
    ...(principalEnabled === undefined ? {} : { principalEnabled }),
    ...(exchangePermission === undefined ? {} : { exchangePermission }),
    ...(graphPermissions === undefined ? {} : { graphPermissions }),
    ...(isAdministrator === undefined ? {} : { roles: withAdministrator(access.current.roles, isAdministrator) }),
    ...(roles === undefined ? {} : { roles }),
  };
}

/** The organisation's own record follows the switch at once. */
function noteDehydration(tenant: Tenant, now: number): void {
  const store = tenant.stores.organizationConfig;
  for (const config of store.stored()) {
    const value = { ...config, IsDehydrated: tenant.switches.isDehydrated };
    store.put(String(config['Guid']), value, now, { visible: 0, effective: 0 });
  }
}

function switchesFrom(value: unknown): object {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw new BadRequest('switches must be an object.');
  for (const [name, wanted] of Object.entries(value)) {
    const problem = switchProblem(name, wanted);
    if (problem !== null) throw new BadRequest(problem);
  }
  return value;
}

function addressesFrom(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) throw new BadRequest(`${name} must be a list of addresses.`);
  return value.map((address) => String(address).toLowerCase());
}

/** Groups that are not named stay as they are. */
function groupsFrom(value: unknown): [string, string[]][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null)
    throw new BadRequest('groups must be an object of group and members.');
  return Object.entries(value).map(([group, members]) => [group.toLowerCase(), addressesFrom(group, members)]);
}

function flagFrom(name: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new BadRequest(`${name} must be true or false.`);
}

function listFrom<Member extends string>(
  name: string,
  value: unknown,
  members: readonly Member[],
): Member[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new BadRequest(`${name} must be a list of ${members.join(', ')}.`);
  return value.map((item) => oneOf(name, item, members));
}

function oneOf<Member extends string>(name: string, value: unknown, members: readonly Member[]): Member {
  const found = members.find((member) => member === value);
  if (found === undefined) throw new BadRequest(`${name} must be one of ${members.join(', ')}.`);
  return found;
}
