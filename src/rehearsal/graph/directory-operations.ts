import { DIRECTORY_ROLES, directoryRoleNames } from '../entra/directory-roles.ts';
import { WORKER_APP_ID } from '../entra/rehearsal-identity.ts';
import type { RehearsalResponse } from '../http.ts';
import { badRequest, noResource, notPermitted } from './graph-error.ts';
import { type GraphEntity, listAnswer, oneAnswer } from './graph-list.ts';
import type { GraphCall, GraphOperation } from './graph-operation.ts';
import { idIn, permissionAssignments, principals, roleAssignments } from './principals.ts';

const ONE = String.raw`servicePrincipals(?:\(appId='(?<second>[^']+)'\)|/(?<key>[^/]+))`;
const OWN = ['Application.Read.All', 'Application.ReadWrite.OwnedBy'] as const;

/** Apps in the directory, their permissions and roles. */
export const directoryOperations: readonly GraphOperation[] = [
  {
    method: 'GET',
    path: /^servicePrincipals$/iu,
    permissions: ['Application.Read.All'],
    run: (call) => listAnswer(call, principals(call), 'servicePrincipals'),
  },
  {
    method: 'GET',
    path: new RegExp(`^${ONE}$`, 'iu'),
    permissions: OWN,
    run: (call) => oneAnswer(call, principalOf(call)),
  },
  {
    method: 'GET',
    path: new RegExp(`^${ONE}/appRoleAssignments$`, 'iu'),
    permissions: OWN,
    run: (call) => assignmentsWith(call, 'principalId'),
  },
  {
    method: 'GET',
    path: new RegExp(`^${ONE}/appRoleAssignedTo$`, 'iu'),
    permissions: OWN,
    run: (call) => assignmentsWith(call, 'resourceId'),
  },
  {
    method: 'DELETE',
    path: new RegExp(`^${ONE}$`, 'iu'),
    permissions: ['Application.ReadWrite.OwnedBy'],
    run: removePrincipal,
  },
  {
    method: 'GET',
    path: /^roleManagement\/directory\/roleAssignments$/iu,
    permissions: ['RoleManagement.Read.Directory', 'RoleManagement.ReadWrite.Directory'],
    run: (call) => listAnswer(call, roleAssignments(call), 'roleManagement/directory/roleAssignments'),
  },
  {
    method: 'POST',
    path: /^roleManagement\/directory\/roleAssignments$/iu,
    permissions: ['RoleManagement.ReadWrite.Directory'],
    run: assignRole,
  },
];

function principalOf(call: GraphCall): GraphEntity {
  const wanted = call.key || call.second;
  const found = principals(call).find(({ id, appId }) => (call.key ? id : appId) === wanted.toLowerCase());
  if (!found) throw noResource(wanted);
  return found;
}

function assignmentsWith(call: GraphCall, end: 'principalId' | 'resourceId'): RehearsalResponse {
  const { id } = principalOf(call);
  const assignments = permissionAssignments(call).filter((assignment) => assignment[end] === id);
  return listAnswer(call, assignments, 'appRoleAssignments');
}

/** The app leaves: its grants and roles go with its principal. It may remove no other. */
function removePrincipal(call: GraphCall): RehearsalResponse {
  const { world, tenant, now } = call;
  if (principalOf(call)['appId'] !== WORKER_APP_ID) throw notPermitted();
  tenant.access.change({ consent: 'revoked', exchangePermission: false, graphPermissions: [], roles: [] }, now);
  world.tenants.changes.changed();
  return { status: 204 };
}

function assignRole(call: GraphCall): RehearsalResponse {
  const { world, tenant, now } = call;
  const { principalId, roleDefinitionId, directoryScopeId } = call.body();
  const role = directoryRoleNames.find((name) => DIRECTORY_ROLES[name] === roleDefinitionId);
  const { roles } = tenant.access.current;
  if (principalId !== idIn(tenant.id, WORKER_APP_ID)) throw noResource(String(principalId));
  if (!role) throw badRequest(`The role definition '${String(roleDefinitionId)}' is unknown.`);
  if (directoryScopeId !== '/') throw badRequest("The directoryScopeId must be '/'.");
  if (roles.includes(role)) throw badRequest('A conflicting object with the same values is present in the directory.');
  tenant.access.change({ roles: [...roles, role] }, now);
  world.tenants.changes.changed();
  const id = idIn(tenant.id, `role ${role}`);
  return oneAnswer(call, { id, principalId, roleDefinitionId, directoryScopeId }, 201);
}
