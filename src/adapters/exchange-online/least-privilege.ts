import { cmdletTable } from './cmdlet-table.ts';

/** A management role of Exchange, cut down to what is sent. */
export interface CutRole {
  /** The role that Microsoft ships. */
  readonly parent: string;
  /** Cmdlets to keep, with the parameters that are sent; every other cmdlet is removed from the copy. */
  readonly cmdlets: Readonly<Record<string, readonly string[]>>;
}

/** What the restricted profile grants, and what it leaves to an administrator. */
export interface LeastPrivilege {
  readonly roles: readonly CutRole[];
  /** Their smallest role in Exchange allows far more than they need, so an administrator runs them. */
  readonly leftToAdministrators: readonly string[];
  /** Taken by the compliance service, which knows only roles of the directory. */
  readonly compliance: readonly string[];
}

const GROUP = 'Switchyard';

/** The rights that Switchyard uses in Exchange and no others, read off the cmdlet table. */
export function leastPrivilege(): LeastPrivilege {
  const entries = [...cmdletTable].map(([cmdlet, entry]) => ({ cmdlet, ...entry }));
  const exchange = entries.filter(({ service }) => service === 'exchange');
  const parents = [...new Set(exchange.flatMap(({ role }) => (role === null ? [] : [role])))].toSorted();
  const roles = parents.map((parent) => ({
    parent,
    cmdlets: Object.fromEntries(
      exchange
        .filter(({ role }) => role === parent)
        .map(({ cmdlet, parameters }) => [cmdlet, Object.keys(parameters).toSorted()]),
    ),
  }));
  const named = (wanted: typeof entries): string[] => wanted.map(({ cmdlet }) => cmdlet).toSorted();
  return {
    roles,
    leftToAdministrators: named(exchange.filter(({ role }) => role === null)),
    compliance: named(entries.filter(({ service }) => service === 'compliance')),
  };
}

/** The PowerShell with which an administrator of a customer sets the restricted profile up, instead of a directory role. */
export function leastPrivilegeScript(appId: string, principalId: string): readonly string[] {
  for (const id of [appId, principalId]) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(id)) throw new TypeError('an id must be a GUID');
  }
  const { roles } = leastPrivilege();
  return [
    `New-ServicePrincipal -AppId '${appId}' -ObjectId '${principalId}' -DisplayName '${GROUP}'`,
    ...roles.flatMap(({ parent, cmdlets }) => {
      const copy = `${GROUP} ${parent}`;
      const kept = Object.keys(cmdlets)
        .map((cmdlet) => `'${cmdlet}'`)
        .join(', ');
      return [
        `New-ManagementRole -Name '${copy}' -Parent '${parent}'`,
        `Get-ManagementRoleEntry '${copy}\\*' | Where-Object Name -NotIn @(${kept}) | ` +
          `ForEach-Object { Remove-ManagementRoleEntry -Identity "${copy}\\$($_.Name)" -Confirm:$false }`,
      ];
    }),
    `New-RoleGroup -Name '${GROUP}' -Roles @(${roles.map(({ parent }) => `'${GROUP} ${parent}'`).join(', ')})`,
    `Add-RoleGroupMember -Identity '${GROUP}' -Member '${principalId}'`,
  ];
}
