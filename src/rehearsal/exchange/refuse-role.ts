import type { RehearsalResponse } from '../http.ts';
import { failure } from './answers.ts';
import { ExchangeError } from './exchange-error.ts';
import type { Service } from './service.ts';
import type { Tenant } from './tenant.ts';

const NO_ROLE = '2000010;reason="The role assigned to application isn\'t supported in this scenario."';

/** A cmdlet that the caller's roles do not have, or that does not exist: nobody can tell the two apart. */
export function refuseRole(service: Service, { switches }: Tenant, cmdlet: string): RehearsalResponse {
  if (!switches.wordyForbidden || service.name !== 'exchange') return service.forbidden(NO_ROLE, cmdlet);
  const error = new ExchangeError(
    400,
    'Microsoft.Exchange.Configuration.Authorization.CmdletAccessDeniedException',
    `The cmdlet ${cmdlet} is not present in the role definition of the current user.`,
  );
  return failure(error, switches.olderErrors);
}
