import { createHash, createPublicKey } from 'node:crypto';
import type { World } from '../world.ts';
import { type ExchangeObject, textOf } from './exchange-object.ts';
import type { Tenant } from './tenant.ts';

export const SELECTORS = ['Selector1', 'Selector2'] as const;

/** Where the two selectors of a domain must point. Old and new tenants differ. */
export function dkimTargets(tenant: Tenant, domain: string): ExchangeObject {
  const dashed = domain.replaceAll('.', '-');
  const zone = tenant.switches.newDkimTargets
    ? `${tenant.initialDomain.split('.')[0]}.n-v1.dkim.mail.microsoft`
    : tenant.initialDomain;
  return Object.fromEntries(
    SELECTORS.map((selector) => [`${selector}CNAME`, `${selector.toLowerCase()}-${dashed}._domainkey.${zone}`]),
  );
}

const keys = new Map<string, string>();

/** A key record for a selector: well-formed, always the same, and nobody has the private half. */
export function dkimKey(selector: string, domain: string, bits: number): string {
  const name = `${selector} ${domain} ${bits}`;
  const key = keys.get(name) ?? makeKey(selector, domain, bits);
  keys.set(name, key);
  return key;
}

function makeKey(selector: string, domain: string, bits: number): string {
  const noise = Array.from({ length: bits / 256 }, (_, index) =>
    createHash('sha256').update(`${selector} ${domain} ${index}`).digest(),
  );
  const modulus = Buffer.concat(noise);
  // A modulus of full length is odd and has its first bit set.
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  modulus[modulus.length - 1] = (modulus.at(-1) ?? 0) | 1;
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
  const der = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  return `v=DKIM1; k=rsa; p=${der.toString('base64')};`;
}

/** Microsoft publishes the keys at the targets; the customer's part is the two aliases that lead there. */
export function publishDkimKeys({ dns }: World, config: ExchangeObject): void {
  for (const selector of SELECTORS) {
    if (textOf(config, `${selector}PublicKey`) === '') continue;
    dns.set(textOf(config, `${selector}CNAME`), 'TXT', [{ data: textOf(config, `${selector}PublicKey`) }], true);
  }
}

/** Whether both aliases of a domain lead where they must. Domains of Microsoft's own need none. */
export function hasDkimAliases({ dns }: World, config: ExchangeObject): boolean {
  const domain = textOf(config, 'Domain');
  if (domain.endsWith('.onmicrosoft.com')) return true;
  return SELECTORS.every((selector) => {
    const [alias] = dns.authority(`${selector.toLowerCase()}._domainkey.${domain}`, 'CNAME');
    return alias?.data.toLowerCase().replace(/\.$/u, '') === textOf(config, `${selector}CNAME`).toLowerCase();
  });
}
