import { leastPrivilege, leastPrivilegeScript } from '../adapters/exchange-online/least-privilege.ts';
import { WrongCallError } from './wrong-call.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** PowerShell for an administrator of a customer: the cmdlets that Switchyard sends to Exchange, and no others. */
export function rightsText(appId: string, principalId: string): string {
  for (const id of [appId, principalId]) {
    if (!guid.test(id)) throw new WrongCallError(`"${id}" is no id like 00000000-0000-0000-0000-000000000000.`);
  }
  const { leftToAdministrators, compliance } = leastPrivilege();
  const lines = [
    '# Rights of Switchyard in one tenant, in place of the Exchange Administrator role.',
    '# Run it in Exchange Online PowerShell (Connect-ExchangeOnline) as an administrator of that tenant.',
    '# The ids are those of the enterprise application in that tenant: Application ID, then Object ID.',
    '# Microsoft does not say whether such a role group is enough: take the directory role away only once',
    '# connect has found everything in place without it.',
    ...leastPrivilegeScript(appId, principalId),
    `# Not in it, so an administrator runs them: ${leftToAdministrators.join(', ')}.`,
    `# Need the Compliance Administrator role of the directory: ${compliance.join(', ')}.`,
  ];
  return `${lines.join('\n')}\n`;
}
