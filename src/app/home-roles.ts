import { createGroupDirectory } from '../adapters/graph/group-directory.ts';
import { createTenantCredentials } from '../adapters/identity/tenant-credentials.ts';
import { directoryRoles } from '../adapters/roles/directory-roles.ts';
import type { PolicySource } from '../core/policy/policy-source.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import type { PeopleNames } from '../ports/people-names.ts';
import type { AppOptions } from './app-options.ts';
import { learningDirectory } from './learning-directory.ts';

/** A click waits for these reads, and Teams waits for the answer to the click. */
const READ_WITHIN_MS = 4000;

/**
 * Who may do what, by the policy and by the home tenant. Read with the bot's own registration, which is at home there
 * and nowhere else: the worker's would ask every customer for the same rights.
 */
export function homeRoles(
  { config, secrets, clock, log }: AppOptions,
  policies: PolicySource,
  people: Pick<PeopleNames, 'learn'>,
): RoleSource {
  const { bot, entra, graph, homeDirectory, mode, publicUrl, signIn } = config;
  const credentials = createTenantCredentials({
    authority: entra.authority,
    appId: bot.appId,
    proof: { kind: 'secret', secret: secrets.botAppSecret },
    log,
    timeout: READ_WITHIN_MS,
  });
  const reading = { ...graph, homeTenantId: bot.tenantId, credentials, clock, log, timeout: READ_WITHIN_MS };
  return directoryRoles({
    policies,
    homeTenantId: bot.tenantId,
    directory: homeDirectory === 'graph' ? learningDirectory(createGroupDirectory(reading), people) : null,
    offersSignIn: signIn !== null && (publicUrl !== null || mode === 'rehearsal'),
    clock,
    log,
  });
}
