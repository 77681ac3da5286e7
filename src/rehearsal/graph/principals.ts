import { createHash } from 'node:crypto';
import { DIRECTORY_ROLES } from '../entra/directory-roles.ts';
import { GRAPH_PERMISSIONS } from '../entra/graph-permissions.ts';
import { WORKER_APP_ID } from '../entra/rehearsal-identity.ts';
import type { GraphEntity } from './graph-list.ts';
import type { GraphCall } from './graph-operation.ts';

const EXCHANGE_APP = '00000002-0000-0ff1-ce00-000000000000';
const GRAPH_APP = '00000003-0000-0000-c000-000000000000';
const TRACE_APP = '8bd644d1-64a1-4d4b-ae52-2e0cbf64e373';
const MANAGE_AS_APP = 'dc50a0fb-09a3-484d-be87-e023b12c6440';

/** The id that an app's principal has in a tenant: another one in every tenant, always the same in one. */
export function idIn(tenantId: string, what: string): string {
  const hash = createHash('sha256').update(`${tenantId} ${what}`).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `4${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`];
  return [...parts, hash.slice(20, 32)].join('-');
}

/** The worker's principal and those of Microsoft's services, as the tenant's directory holds them. */
export function principals({ tenant, access }: GraphCall): GraphEntity[] {
  const principal = (appId: string, displayName: string, appRoles: GraphEntity[] = []): GraphEntity => ({
    id: idIn(tenant.id, appId),
    deletedDateTime: null,
    accountEnabled: appId !== WORKER_APP_ID || access.principalEnabled,
    appId,
    displayName,
    servicePrincipalType: 'Application',
    appRoles,
  });
  const graphRoles = Object.entries(GRAPH_PERMISSIONS).map(([value, id]) => appRole(id, value));
  return [
    ...(access.consent === 'granted' ? [principal(WORKER_APP_ID, 'Switchyard (rehearsal)')] : []),
    principal(EXCHANGE_APP, 'Office 365 Exchange Online', [appRole(MANAGE_AS_APP, 'Exchange.ManageAsApp')]),
    principal(GRAPH_APP, 'Microsoft Graph', graphRoles),
    ...(tenant.switches.tracePrincipal ? [principal(TRACE_APP, 'Exchange Message Trace')] : []),
  ];
}

/** The permissions that the worker was given, one assignment each. */
export function permissionAssignments(call: GraphCall): GraphEntity[] {
  const { access } = call;
  const graph = access.graphPermissions.map((name) =>
    assignment(call, GRAPH_APP, 'Microsoft Graph', GRAPH_PERMISSIONS[name]),
  );
  const exchange = access.exchangePermission
    ? [assignment(call, EXCHANGE_APP, 'Office 365 Exchange Online', MANAGE_AS_APP)]
    : [];
  return access.consent === 'granted' ? [...exchange, ...graph] : [];
}

/** The directory roles that the worker has. */
export function roleAssignments({ tenant, access }: GraphCall): GraphEntity[] {
  return access.roles.map((role) => ({
    id: idIn(tenant.id, `role ${role}`),
    principalId: idIn(tenant.id, WORKER_APP_ID),
    roleDefinitionId: DIRECTORY_ROLES[role],
    directoryScopeId: '/',
  }));
}

function appRole(id: string, value: string): GraphEntity {
  return { id, value, displayName: value, description: value, allowedMemberTypes: ['Application'], isEnabled: true };
}

function assignment({ tenant, now }: GraphCall, resourceApp: string, resource: string, appRoleId: string): GraphEntity {
  return {
    id: idIn(tenant.id, `assignment ${appRoleId}`).replaceAll('-', ''),
    deletedDateTime: null,
    appRoleId,
    createdDateTime: new Date(now - 30 * 24 * 3600 * 1000).toISOString(),
    principalDisplayName: 'Switchyard (rehearsal)',
    principalId: idIn(tenant.id, WORKER_APP_ID),
    principalType: 'ServicePrincipal',
    resourceDisplayName: resource,
    resourceId: idIn(tenant.id, resourceApp),
  };
}
