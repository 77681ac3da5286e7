import { invalid } from './exchange-error.ts';

const LABEL = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(\\*|(\\*\\.)?(${LABEL}\\.)+${LABEL}|${LABEL})$`, 'iu');

/** An address space as Exchange stores it: `smtp:<domain>;<cost>`. Takes `*`, `*.x.y`, `x.y`, with or without both ends. */
export function addressSpace(entry: string): string {
  const { domain = '', cost = '1' } = /^(smtp:)?(?<domain>[^;]*)(;(?<cost>\d+))?$/iu.exec(entry.trim())?.groups ?? {};
  return `smtp:${smtpDomain(domain)};${cost}`;
}

/** A domain, a domain with its sub-domains (`*.x.y`) or everything (`*`). */
export function smtpDomain(entry: string): string {
  if (!DOMAIN.test(entry)) throw invalid(`"${entry}" isn't a valid SMTP domain. A wildcard can only stand first.`);
  return entry;
}

/** A certificate's or host's domain: sub-domain wildcard allowed, everything not. */
export function certificateDomain(entry: string): string {
  if (entry === '*') throw invalid('"*" isn\'t a valid certificate domain name.');
  return smtpDomain(entry);
}
