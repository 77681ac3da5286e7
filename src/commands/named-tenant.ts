import { InvalidInputError } from '../core/errors.ts';
import { lookAlikes, parseDomainName } from '../mail/domain-name.ts';
import type { ManagedTenant } from '../ports/tenant-directory.ts';
import type { Services } from './command.ts';

/**
 * The tenant a person named exactly: by its name, its id, its initial domain, or a domain that Exchange says is its
 * own. A domain of a tenant that cannot be read proves nothing, so the tenant itself has to be named then.
 */
export async function namedTenant({ tenants }: Services, words: readonly string[]): Promise<ManagedTenant> {
  const given = words
    .map((word) => word.replace(/[,:;!?]+$|\.$/gu, '').toLowerCase())
    .find((word) => word !== '' && !fillers.includes(word));
  const managed = await tenants.managed();
  if (given === undefined) throw unnamed('The name of the tenant is missing.', managed);
  const known = managed.find(({ id, name, initialDomain }) => [id, name.toLowerCase(), initialDomain].includes(given));
  if (known) return known;
  const parsed = parseDomainName(given);
  const owner = given.includes('.') && parsed.ok ? await tenants.ownerOf(parsed.name) : null;
  if (owner?.kind === 'found') return owner.tenant;
  const names = managed.map(({ name }) => name.toLowerCase());
  const [near] = lookAlikes(given, names);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  if (owner === null) throw unnamed(`I manage no tenant ${given.slice(0, 60)}.${meant}`, managed);
  const unread = owner.unreadable.map(({ tenant }) => tenant.name);
  const which = unread.length === 0 ? '' : ` Not connected yet, so their domains are unknown: ${unread.join(', ')}.`;
  throw unnamed(`${given.slice(0, 120)} is no accepted domain of a tenant I can read.${which}`, managed);
}

const fillers = ['to', 'the', 'tenant', 'for', 'of'];

function unnamed(message: string, managed: readonly ManagedTenant[]): InvalidInputError {
  const names = managed.slice(0, 20).map(({ name }) => name);
  const more = managed.length > names.length ? ` and ${managed.length - names.length} more` : '';
  const all = names.length === 0 ? 'There are none yet' : `They are ${names.join(', ')}${more}`;
  return new InvalidInputError(message, {
    operation: 'find a tenant',
    next: `Name the tenant itself. ${all}; an operator adds another one to TENANTS.`,
  });
}
