/** The domain of a mail address, lower case; empty for the null sender. */
export function mailDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(at + 1).toLowerCase();
}

/** Whether `name` is the domain or below it. Source: RecipientDomainIs and SenderDomainIs include sub-domains. */
export function isWithin(name: string, domain: string): boolean {
  return `.${name}`.endsWith(`.${domain.toLowerCase()}`);
}

/**
 * How many labels of an address space (`x.y`, `*.x.y`, `*`) fit a domain; an exact space counts one more than any
 * wildcard can, and −1 is no fit. Source: Microsoft, "What happens when I have multiple connectors".
 */
export function fitOf(space: string, domain: string): number {
  const labels = domain.split('.').length;
  if (space === domain) return labels + 1;
  if (space === '*') return 0;
  if (!space.startsWith('*.')) return -1;
  const parent = space.slice(2);
  return domain !== parent && isWithin(domain, parent) ? parent.split('.').length : -1;
}

/** Whether a certificate has a name; a wildcard stands for exactly one label (RFC 9525 §6.3), on either side. */
export function certificateHas(names: readonly string[], wanted: string): boolean {
  const subject = wanted.toLowerCase().split('<s>cn=').at(-1) ?? '';
  return names.map((name) => name.toLowerCase()).some((name) => covers(name, subject) || covers(subject, name));
}

function covers(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  const [head, ...rest] = pattern.split('.');
  return head === '*' && rest.join('.') === name.split('.').slice(1).join('.');
}
