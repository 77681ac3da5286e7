import type { Check } from '../core/check.ts';
import { describeError, OpsError, TenantAccessError } from '../core/errors.ts';
import type { World } from '../ports/world.ts';

export type MailHostKnownArgs = { readonly domain: string };

export const mailHostKnown: Check<MailHostKnownArgs, World> = {
  name: 'mail-host-known',
  title: 'Microsoft says where it receives mail',
  run: async (world, { domain }, signal) => {
    const found = await mailHostOf(world, domain, signal);
    const rule = `Microsoft must name the host it receives mail for ${domain} on: a lock-down is proved there.`;
    const isKnown = found.kind === 'known';
    return {
      check: mailHostKnown.name,
      rule,
      status: isKnown ? 'pass' : 'unknown',
      fact: isKnown ? `Microsoft receives mail for ${domain} on ${found.host}.` : found.fact,
      remedy: isKnown ? '' : found.remedy,
      evidence: { host: isKnown ? found.host : null },
    };
  },
};

/** The host that Microsoft receives a domain's mail on, or why it is not known and who changes that. */
export type MailHost =
  | { readonly kind: 'known'; readonly host: string }
  | { readonly kind: 'unknown'; readonly fact: string; readonly remedy: string };

/**
 * Asks the tenant's directory, whose service records are the only authority (Graph, `serviceConfigurationRecords`):
 * hosts follow no rule that could be guessed, and new domains get names below `mx.microsoft`. Asked when it is needed
 * and not kept in plans, so that a plan stays the same while the directory cannot be reached.
 */
export async function mailHostOf(
  { directory }: Pick<World, 'directory'>,
  domain: string,
  signal?: AbortSignal,
): Promise<MailHost> {
  try {
    const host = await directory.mailHost(domain, signal);
    if (host !== null) return { kind: 'known', host };
    const fact = `The directory of the tenant names no host that Microsoft receives mail for ${domain} on.`;
    const remedy = `An administrator of the tenant completes the set-up of ${domain} in the Microsoft 365 admin center.`;
    return { kind: 'unknown', fact, remedy };
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    const { message, next } = describeError(error);
    const isRight = error instanceof TenantAccessError && error.reason === 'app-role';
    const remedy = isRight
      ? 'An administrator of the tenant grants Switchyard Domain.Read.All of Microsoft Graph: connect gives the link.'
      : next;
    return { kind: 'unknown', fact: `It is not known where Microsoft receives mail for ${domain}: ${message}`, remedy };
  }
}
