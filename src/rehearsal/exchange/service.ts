import type { DirectoryRole } from '../entra/directory-roles.ts';
import type { RehearsalResponse } from '../http.ts';
import { forbidden } from './answers.ts';
import type { Cmdlet } from './cmdlet.ts';
import { findCmdlet } from './cmdlet-table.ts';

/** One of the two services that run cmdlets, each with tokens, cmdlets and roles of its own. */
export interface Service {
  readonly name: 'exchange' | 'compliance';
  /** Audience of the tokens it takes. */
  readonly audience: string;
  /** The cmdlet of that name, whatever its case. */
  readonly find: (cmdlet: string) => Cmdlet | null;
  /** Whether somebody with these roles may run the cmdlet. */
  readonly allows: (roles: readonly DirectoryRole[], cmdlet: string) => boolean;
  readonly forbidden: (reason: string, cmdlet: string) => RehearsalResponse;
}

const ADMINISTRATORS: readonly DirectoryRole[] = ['Exchange Administrator', 'Global Administrator'];
/** What security roles cannot read, although the global reader can. */
const NOT_FOR_SECURITY = /^get-(inboundconnector|outboundconnector|organizationconfig)$/iu;

export const exchangeService: Service = {
  name: 'exchange',
  audience: 'https://outlook.office365.com',
  find: findCmdlet,
  allows: (roles, cmdlet) => {
    if (roles.some((role) => ADMINISTRATORS.includes(role))) return true;
    if (!/^get-/iu.test(cmdlet)) return false;
    return roles.includes('Global Reader') || (roles.length > 0 && !NOT_FOR_SECURITY.test(cmdlet));
  },
  forbidden,
};
