import type { DirectoryRole } from '../entra/directory-roles.ts';
import type { Service } from '../exchange/service.ts';
import { json } from '../http.ts';
import { protectionAlertCmdlets } from './protection-alert.ts';

const ADMINISTRATORS: readonly DirectoryRole[] = [
  'Compliance Administrator',
  'Security Administrator',
  'Global Administrator',
];
const READERS: readonly DirectoryRole[] = [...ADMINISTRATORS, 'Global Reader', 'Security Reader'];

const byName = new Map(protectionAlertCmdlets.map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]));

export const findComplianceCmdlet: Service['find'] = (name) => byName.get(name.toLowerCase()) ?? null;

/** Security & Compliance: Exchange administrators have no say here, and a refusal is readable. */
export const complianceService: Service = {
  name: 'compliance',
  audience: 'https://ps.compliance.protection.outlook.com',
  find: findComplianceCmdlet,
  allows: (roles, cmdlet) => {
    const allowed = /^get-/iu.test(cmdlet) ? READERS : ADMINISTRATORS;
    return roles.some((role) => allowed.includes(role));
  },
  forbidden: (reason, cmdlet) => {
    const message = `The cmdlet ${cmdlet} is not present in the role definition of the current user.`;
    return json(403, { error: { code: 'Forbidden', message } }, { 'x-ms-diagnostics': reason });
  },
};
