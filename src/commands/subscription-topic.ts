import { InvalidInputError } from '../core/errors.ts';
import type { DigestPeriod, Topic } from '../core/subscription.ts';
import { parseDomainName } from '../mail/domain-name.ts';
import type { Services } from './command.ts';
import { namedTenant } from './named-tenant.ts';

const periods: Readonly<Record<string, DigestPeriod>> = {
  daily: 'daily',
  day: 'daily',
  hourly: 'hourly',
  hour: 'hourly',
};
const fillers = ['to', 'from', 'for', 'the', 'domain', 'tenant', 'about', 'digest', 'as', 'a', 'an', 'once', 'every'];

/** What somebody wants to be told about. Throws `InvalidInputError` for a name that is not exactly one we know. */
export async function topicFrom(services: Services, words: readonly string[]): Promise<Topic> {
  const [given, unknown] = namesIn(words);
  if (unknown !== undefined) {
    throw new InvalidInputError(`I do not understand “${unknown.slice(0, 60)}” here.`, {
      operation: 'find what to be told about',
      next: 'Name one domain, tenant, all or approvals, and behind it nothing, digest daily or digest hourly.',
    });
  }
  if (given === 'all' || given === 'everything') return { kind: 'all' };
  if (given === 'approvals' || given === 'decisions') return { kind: 'approvals' };
  const parsed = given?.includes('.') ? parseDomainName(given) : null;
  const owner = parsed?.ok ? await services.tenants.ownerOf(parsed.name) : null;
  if (parsed?.ok && owner?.kind === 'found') return { kind: 'domain', domain: parsed.name };
  if (given === undefined) {
    throw new InvalidInputError('What to be told about is missing.', {
      operation: 'find what to be told about',
      next: 'Name a domain, a tenant, all, or approvals: “subscribe contoso.com” or “unsubscribe all”.',
    });
  }
  const tenant = await namedTenant(services, [given]);
  return { kind: 'tenant', tenantId: tenant.id, name: tenant.name };
}

/** The period of the digest somebody asked for, or null when they want every notice at once. */
export function periodFrom(words: readonly string[]): DigestPeriod | null {
  const said = words.map(plain);
  const period = said.map((word) => periods[word]).find((one) => one !== undefined) ?? null;
  return said.includes('digest') ? (period ?? 'daily') : period;
}

function namesIn(words: readonly string[]): string[] {
  return words.map(plain).filter((word) => word !== '' && !fillers.includes(word) && periods[word] === undefined);
}

function plain(word: string): string {
  return word.replace(/[,:;!?]+$|\.$/gu, '').toLowerCase();
}
