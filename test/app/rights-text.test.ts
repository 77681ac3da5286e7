import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cmdletTable } from '../../src/adapters/exchange-online/cmdlet-table.ts';
import { rightsText } from '../../src/app/rights-text.ts';
import { WrongCallError } from '../../src/app/wrong-call.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const app = '0b0b0b0b-0000-4000-8000-0000000000e0';
const principal = 'c0000000-0000-4000-8000-0000000000e1';

describe('switchyard rights', () => {
  it('prints the script for one application, without a database in reach', async () => {
    const env = { PATH: process.env['PATH'], SWITCHYARD_DATA: '/nowhere' };
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'rights', app, principal], { env });
    expect(stdout).toBe(rightsText(app, principal));
    expect(stdout).toContain(`New-ServicePrincipal -AppId '${app}' -ObjectId '${principal}'`);
    expect(stdout).toContain(`Add-RoleGroupMember -Identity 'Switchyard' -Member '${principal}'`);
  });

  it('names every cmdlet that can be sent: granted, left to an administrator, or of the directory role', () => {
    const text = rightsText(app, principal);
    expect([...cmdletTable.keys()].filter((cmdlet) => !new RegExp(`\\b${cmdlet}\\b`, 'u').test(text))).toEqual([]);
    expect(text).toMatch(/an administrator runs them: .*Set-OrganizationConfig/u);
    expect(text).toMatch(/Compliance Administrator role of the directory: .*Set-ProtectionAlert/u);
  });

  it('prints nothing for what is no id', () => {
    expect(() => rightsText(app, "x'; Remove-Mailbox 'ada")).toThrow(WrongCallError);
    expect(() => rightsText('', principal)).toThrow(WrongCallError);
  });
});
