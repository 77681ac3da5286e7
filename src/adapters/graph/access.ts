import { TenantAccessError } from '../../core/errors.ts';
import type { DirectoryAccess, MissingRight } from '../../ports/directory.ts';
import { Principal, RoleAssignment, RoleGrant } from './graph-answers.ts';
import type { GraphCalls } from './graph-calls.ts';

/** Office 365 Exchange Online, the same application in every tenant. Its principal there has another id in each. */
const EXCHANGE_APP = '00000002-0000-0ff1-ce00-000000000000';
const MANAGE_AS_APP = 'dc50a0fb-09a3-484d-be87-e023b12c6440';

/** Roles of the directory that open Exchange to an application, by their template ids. */
const exchangeRoles = new Map([
  ['29232cdf-9323-42fd-ade2-1d097af3e4de', 'Exchange Administrator'],
  ['62e90394-69f5-4237-9190-012177145e10', 'Global Administrator'],
]);

/** Climbs the ladder of rights: consent, our principal, the application permission, the directory role. */
export async function readAccess(calls: GraphCalls, appId: string, signal?: AbortSignal): Promise<DirectoryAccess> {
  try {
    const graphPermissions = await calls.permissions(signal);
    const principal = await principalOf(calls, appId, signal);
    if (!principal) return { missing: [noPrincipal], principal, graphPermissions, directoryRoles: null };
    const [isGranted, directoryRoles] = await Promise.all([
      mayManageExchange(calls, principal.id, signal),
      directoryRolesOf(calls, principal.id, signal),
    ]);
    const hasRole = directoryRoles === null || directoryRoles.some((role) => exchangeRoles.has(role));
    const missing = [
      ...(principal.isEnabled ? [] : [disabled]),
      ...(isGranted ? [] : [noPermission]),
      ...(hasRole ? [] : [noRole]),
    ];
    return { missing, principal, graphPermissions, directoryRoles };
  } catch (error) {
    if (!(error instanceof TenantAccessError) || error.reason === 'credential') throw error;
    const right = error.reason === 'consent' ? 'consent' : 'application-permission';
    const missing = [{ right, what: error.message, next: error.next } as const];
    return { missing, principal: null, graphPermissions: [], directoryRoles: null };
  }
}

/** Our service principal in the tenant, or null when the app is not known there. */
export async function principalOf(
  calls: GraphCalls,
  appId: string,
  signal: AbortSignal | undefined,
): Promise<DirectoryAccess['principal']> {
  const [found] = await principalsNamed(calls, appId, signal);
  if (found === undefined) return null;
  const { id, accountEnabled } = Principal.parse(found);
  return { id, isEnabled: accountEnabled };
}

function principalsNamed(calls: GraphCalls, appId: string, signal: AbortSignal | undefined) {
  return calls.list({
    title: 'read a service principal',
    permission: 'Application.Read.All',
    path: '/servicePrincipals',
    query: { $filter: `appId eq '${appId}'`, $select: 'id,appId,accountEnabled' },
    signal,
  });
}

async function mayManageExchange(calls: GraphCalls, id: string, signal: AbortSignal | undefined): Promise<boolean> {
  const [exchange, grants] = await Promise.all([
    principalsNamed(calls, EXCHANGE_APP, signal),
    calls.list({
      title: 'read granted permissions',
      permission: 'Application.Read.All',
      path: `/servicePrincipals/${encodeURIComponent(id)}/appRoleAssignments`,
      signal,
    }),
  ]);
  const resources = new Set(exchange.map((one) => Principal.parse(one).id));
  return grants
    .map((grant) => RoleGrant.parse(grant))
    .some(({ resourceId, appRoleId }) => resources.has(resourceId) && appRoleId === MANAGE_AS_APP);
}

/** Reading roles needs a permission that is not asked for by default; then only Exchange itself can tell. */
async function directoryRolesOf(
  calls: GraphCalls,
  id: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | null> {
  try {
    const assignments = await calls.list({
      title: 'read directory roles',
      permission: 'RoleManagement.Read.Directory',
      path: '/roleManagement/directory/roleAssignments',
      query: { $filter: `principalId eq '${id}'` },
      signal,
    });
    return assignments
      .map((assignment) => RoleAssignment.parse(assignment))
      .filter(({ directoryScopeId }) => directoryScopeId === '/')
      .map(({ roleDefinitionId }) => roleDefinitionId)
      .toSorted();
  } catch (error) {
    if (error instanceof TenantAccessError && error.reason === 'app-role') return null;
    throw error;
  }
}

const noPrincipal: MissingRight = {
  right: 'principal',
  what: 'Switchyard has no service principal in this tenant.',
  next: 'An administrator of that tenant must grant consent.',
};
const disabled: MissingRight = {
  right: 'principal',
  what: 'The service principal of Switchyard is disabled in this tenant.',
  next: 'An administrator of that tenant must enable it under Enterprise applications.',
};
const noPermission: MissingRight = {
  right: 'application-permission',
  what: 'The application permission Exchange.ManageAsApp is not granted.',
  next: 'An administrator of that tenant must grant consent again.',
};
const noRole: MissingRight = {
  right: 'directory-role',
  what: 'The app does not have the Exchange Administrator role.',
  next: 'An administrator of that tenant must assign it, or make a role group in Exchange that contains the app.',
};
