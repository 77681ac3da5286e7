import type { Network } from './network.ts';

/** What a domain publishes about mail in its name. */
export interface Dmarc {
  readonly policy: 'none' | 'quarantine' | 'reject';
  /** SPF or signature must be of the very same domain. */
  readonly strict: { readonly spf: boolean; readonly dkim: boolean };
}

/** The record of a domain, or that of the domain above it; null without one. */
export function dmarcOf(network: Network, domain: string): Dmarc | null {
  const own = recordOf(network, domain);
  const tags = own ?? recordOf(network, organisation(domain));
  if (!tags) return null;
  const wanted = (own ? undefined : tags.get('sp')) ?? tags.get('p') ?? 'none';
  const policy = wanted === 'reject' || wanted === 'quarantine' ? wanted : 'none';
  return { policy, strict: { spf: tags.get('aspf') === 's', dkim: tags.get('adkim') === 's' } };
}

export function isAligned(domain: string, author: string, isStrict: boolean): boolean {
  return isStrict ? domain === author : organisation(domain) === organisation(author);
}

function recordOf(network: Network, domain: string): ReadonlyMap<string, string> | null {
  const record = network.text(`_dmarc.${domain}`).find((text) => /^v=DMARC1\s*(;|$)/u.test(text));
  if (record === undefined) return null;
  const tags = record.toLowerCase().split(';');
  return new Map(
    tags.map((tag) => {
      const [name = '', value = ''] = tag.split('=').map((part) => part.trim());
      return [name, value];
    }),
  );
}

/** The last two labels, or three where everybody shares the last two; the rehearsal has no deeper public suffix. */
function organisation(domain: string): string {
  return domain
    .split('.')
    .slice(domain.endsWith('.onmicrosoft.com') ? -3 : -2)
    .join('.');
}
