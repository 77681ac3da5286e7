import { parseDomainName } from './domain-name.ts';
import { quoted } from './quoted.ts';

/** The part of an MX record that classification needs. `''` is the null MX of RFC 7505. */
export interface MxHost {
  readonly exchange: string;
}

/**
 * Where the mail exchangers of a domain, taken together, lead:
 * - `gateway`: every host is one of the gateway's; `microsoft`: every host is Office 365;
 * - `mixed`: hosts of more than one kind; `other`: hosts of neither;
 * - `none`: no record; `null-mx`: the domain says that it takes no mail.
 */
export type MxClass = 'gateway' | 'microsoft' | 'mixed' | 'other' | 'none' | 'null-mx';

/**
 * Name suffixes of Office 365's own mail hosts: the classic form, the DNSSEC form, the older Forefront form, and the
 * sovereign clouds (Microsoft, "Domain connectivity" and "How SMTP DANE works").
 */
const microsoftSuffixes = [
  '.protection.outlook.com',
  '.mx.microsoft',
  '.mail.eo.outlook.com',
  '.mail.protection.office365.us',
  '.mail.protection.partner.outlook.cn',
  '.mail.protection.outlook.de',
];

/** Whether a mail exchanger is Office 365 itself, so that mail to it passes no gateway. */
export function isMicrosoftMx(host: string): boolean {
  const name = hostName(host);
  return microsoftSuffixes.some((suffix) => name.endsWith(suffix));
}

/**
 * Classifies all mail exchangers of a domain, at any preference: a backup of preference 100 receives mail too, and
 * senders of spam prefer it. `patterns` are the gateway's, as regular expressions over lower-case host names; a
 * Microsoft host never counts as a gateway, whatever the patterns say.
 */
export function classifyMx(records: readonly MxHost[], patterns: readonly string[]): MxClass {
  const hosts = records.map(({ exchange }) => hostName(exchange));
  if (hosts.length === 0) return 'none';
  if (hosts.every((host) => host === '')) return 'null-mx';
  const kinds = new Set(hosts.map((host) => kindOf(host, patterns)));
  const [kind] = kinds;
  return kinds.size > 1 ? 'mixed' : (kind ?? 'other');
}

/** Whether one mail exchanger is the gateway's. */
export function isGatewayMx(host: string, patterns: readonly string[]): boolean {
  return kindOf(hostName(host), patterns) === 'gateway';
}

/** The patterns for host names that somebody typed, or one sentence for each that cannot be used. */
export type ParsedMxPatterns =
  | { readonly ok: true; readonly patterns: readonly string[] }
  | { readonly ok: false; readonly reasons: readonly string[] };

/**
 * Turns typed mail exchangers (`mx.gate.example`, or `*.gate.example` for all names below) into patterns that match
 * exactly those. Nobody types regular expressions. Office 365's own names are refused. Sorted, without repetition.
 */
export function parseMxPatterns(input: string | readonly string[]): ParsedMxPatterns {
  const values = (typeof input === 'string' ? [input] : input)
    .flatMap((text) => text.split(/[\s,;]+/u))
    .filter((value) => value !== '');
  const parsed = values.map(parseMxPattern);
  const reasons = parsed.flatMap((result) => (result.ok ? [] : [result.reason]));
  if (values.length === 0)
    reasons.push('There is no mail exchanger in the list; name the hosts the MX records will point to.');
  if (reasons.length > 0) return { ok: false, reasons };
  const patterns = parsed.flatMap((result) => (result.ok ? [result.pattern] : []));
  return { ok: true, patterns: [...new Set(patterns)].toSorted() };
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/\.$/u, '');
}

function kindOf(host: string, patterns: readonly string[]): 'gateway' | 'microsoft' | 'other' {
  if (isMicrosoftMx(host)) return 'microsoft';
  return host !== '' && patterns.some((pattern) => new RegExp(pattern, 'u').test(host)) ? 'gateway' : 'other';
}

function parseMxPattern(value: string): { ok: true; pattern: string } | { ok: false; reason: string } {
  const below = value.startsWith('*.');
  const parsed = parseDomainName(below ? value.slice(2) : value);
  if (!parsed.ok) return parsed;
  if (isMicrosoftMx(`.${parsed.name}`) || microsoftSuffixes.some((suffix) => suffix.endsWith(`.${parsed.name}`))) {
    return { ok: false, reason: `${quoted(value)} is Office 365 itself, not a gateway in front of it.` };
  }
  const escaped = parsed.name.replaceAll('.', '\\.');
  return { ok: true, pattern: below ? `\\.${escaped}$` : `^${escaped}$` };
}
