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
  const [given] = namesIn(words);
  if (given === 'all' || given === 'everything') return { kind: 'all' };
  if (given === 'approvals' || given === 'decisions') return { kind: 'approvals' };
  const parsed = given?.includes('.') ? parseDomainName(given) : null;
  const owner = parsed?.ok ? await services.tenants.ownerOf(parsed.name) : null;
  if (parsed?.ok && owner?.kind === 'found') return { kind: 'domain', domain: parsed.name };
  const tenant = await namedTenant(services, given === undefined ? [] : [given]);
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
