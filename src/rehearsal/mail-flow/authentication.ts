import { type ExchangeObject, isOn, listOf } from '../exchange/exchange-object.ts';
import { domainOf, type MailMessage } from './mail-message.ts';
import { holdsAddress } from './match.ts';
import type { Network } from './network.ts';

/** How Exchange Online judges where a message says it is from. */
export interface Authentication {
  /** The address that SPF was asked about. */
  readonly address: string;
  /** Hops that were left out because they are the organisation's own filter. */
  readonly skipped: readonly string[];
  readonly spf: 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror';
  readonly dkim: 'pass' | 'none';
  readonly dmarc: 'pass' | 'fail' | 'none';
  /** What the sender's domain asks for when DMARC fails. */
  readonly policy: 'none' | 'quarantine' | 'reject';
}

const MAX_LOOKUPS = 10;

/** SPF, DKIM and DMARC of a message from outside, with or without the hops that enhanced filtering skips. */
export function authenticate(
  network: Network,
  connector: ExchangeObject | null,
  message: MailMessage,
  source: string,
): Authentication {
  const skipped = skippedHops(connector, message, source);
  const chain = [...message.hops, source];
  const address = chain.at(-1 - skipped.length) ?? source;
  const sender = domainOf(message.from === '' ? message.headerFrom : message.from);
  const spf = spfOf(network, sender, address);
  const author = domainOf(message.headerFrom);
  const policy = policyOf(network, author);
  const isAligned = (domain: string): boolean => organisation(domain) === organisation(author);
  const isGenuine =
    (spf === 'pass' && isAligned(sender)) || (message.dkim !== null && isAligned(message.dkim.toLowerCase()));
  return {
    address,
    skipped,
    spf,
    dkim: message.dkim === null ? 'none' : 'pass',
    dmarc: policy === null ? 'none' : isGenuine ? 'pass' : 'fail',
    policy: policy ?? 'none',
  };
}

/** The last hop alone, or every listed hop from the last one on; the sender's own server is never skipped. */
function skippedHops(connector: ExchangeObject | null, message: MailMessage, source: string): string[] {
  if (!connector || isOn(connector, 'EFTestMode') || !isForAll(connector, message)) return [];
  const chain = [...message.hops, source].reverse();
  if (isOn(connector, 'EFSkipLastIP')) return chain.length > 1 ? [source] : [];
  const listed = listOf(connector, 'EFSkipIPs');
  const end = chain.findIndex((hop) => !holdsAddress(listed, hop));
  return chain.slice(0, end === -1 ? chain.length - 1 : end);
}

function isForAll(connector: ExchangeObject, { recipients }: MailMessage): boolean {
  const users = listOf(connector, 'EFUsers').map((user) => user.toLowerCase());
  return users.length === 0 || recipients.every((recipient) => users.includes(recipient.toLowerCase()));
}

/** Good enough for the zones of the rehearsal: addresses, includes and `all`. */
export function spfOf(
  network: Network,
  domain: string,
  address: string,
  lookups = { left: MAX_LOOKUPS },
): Authentication['spf'] {
  const records = network.text(domain).filter((text) => /^v=spf1(\s|$)/iu.test(text));
  const [record] = records;
  if (record === undefined) return 'none';
  if (records.length > 1) return 'permerror';
  for (const term of record.toLowerCase().split(/\s+/u).slice(1)) {
    const [, sign = '', mechanism = '', value = ''] = /^([+?~-]?)(all|ip4|include)(?::(.*))?$/u.exec(term) ?? [];
    const included = mechanism === 'include' ? includedSpf(network, value, address, lookups) : null;
    if (included === 'permerror') return 'permerror';
    const holds = mechanism === 'all' || included === 'pass' || (mechanism === 'ip4' && holdsAddress([value], address));
    if (holds) return RESULTS[sign] ?? 'pass';
  }
  return 'neutral';
}

/** A name without a record, or one look-up too many, spoils the whole record. */
function includedSpf(
  network: Network,
  domain: string,
  address: string,
  lookups: { left: number },
): Authentication['spf'] {
  lookups.left -= 1;
  const result = lookups.left < 0 ? 'permerror' : spfOf(network, domain, address, lookups);
  return result === 'none' ? 'permerror' : result;
}

const RESULTS: Readonly<Record<string, Authentication['spf']>> = { '-': 'fail', '~': 'softfail', '?': 'neutral' };

/** Null without a record, at the domain itself or above it. */
function policyOf(network: Network, domain: string): Authentication['policy'] | null {
  const own = network.text(`_dmarc.${domain}`);
  const texts = own.length > 0 ? own : network.text(`_dmarc.${organisation(domain)}`);
  const record = texts.find((text) => text.startsWith('v=DMARC1'));
  if (record === undefined) return null;
  const [, wanted = 'none'] = /;\s*p\s*=\s*(none|quarantine|reject)/iu.exec(record) ?? [];
  return wanted === 'reject' || wanted === 'quarantine' ? wanted : 'none';
}

/** The last two labels; the zones of the rehearsal have no deeper public suffix. */
function organisation(domain: string): string {
  return domain.split('.').slice(-2).join('.');
}
