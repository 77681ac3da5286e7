import { type ExchangeObject, listOf } from '../exchange/exchange-object.ts';
import { type Dmarc, dmarcOf, isAligned } from './dmarc.ts';
import { domainOf, type MailMessage } from './mail-message.ts';
import type { Network } from './network.ts';
import type { Setup } from './setup.ts';
import { skippedHops } from './skip-listing.ts';
import { type SpfResult, spfOf } from './spf.ts';

/** How Exchange Online judges where a message says it is from. */
export interface Authentication {
  /** The address that SPF was asked about. */
  readonly address: string;
  /** What the server at that address is called; null when nobody knows. */
  readonly server: string | null;
  /** Hops that were left out because they are the organisation's own filter. */
  readonly skipped: readonly string[];
  readonly spf: SpfResult;
  readonly dkim: 'pass' | 'none';
  readonly dmarc: 'pass' | 'fail' | 'none';
  /** What the sender's domain asks for when DMARC fails. */
  readonly policy: Dmarc['policy'];
  /** The author's domain vouches for the message by SPF or signature, whatever it publishes about DMARC. */
  readonly isGenuine: boolean;
  /** A server whose seals the organisation trusts says that it was genuine there. */
  readonly arc: 'pass' | 'none';
}

interface Asked {
  readonly setup: Setup;
  readonly network: Network;
  readonly connector: ExchangeObject | null;
  readonly message: MailMessage;
}

/** SPF, DKIM, DMARC and ARC of a message from outside, with or without the hops that enhanced filtering skips. */
export function authenticate({ setup, network, connector, message }: Asked, source: string): Authentication {
  const skipped = skippedHops(connector, message, source);
  const chain = [...message.hops, source];
  const address = chain.at(-1 - skipped.length) ?? source;
  const sender = domainOf(message.from === '' ? message.headerFrom : message.from);
  const spf = spfOf(network, message.from === '' ? sender : message.from, address);
  const author = domainOf(message.headerFrom);
  const dmarc = dmarcOf(network, author);
  const isGenuine =
    (spf === 'pass' && isAligned(sender, author, dmarc?.strict.spf ?? false)) ||
    (message.dkim !== null && isAligned(message.dkim.toLowerCase(), author, dmarc?.strict.dkim ?? false));
  return {
    address,
    server: network.reverse(address),
    skipped,
    spf,
    dkim: message.dkim === null ? 'none' : 'pass',
    dmarc: dmarc === null ? 'none' : isGenuine ? 'pass' : 'fail',
    policy: dmarc?.policy ?? 'none',
    isGenuine,
    arc: isTrustedSeal(setup, message) ? 'pass' : 'none',
  };
}

function isTrustedSeal({ arcConfigs }: Setup, { arc }: MailMessage): boolean {
  if (!arc?.isGenuine) return false;
  const trusted = arcConfigs.flatMap((config) => listOf(config, 'ArcTrustedSealers'));
  return trusted.some((sealer) => sealer.toLowerCase() === arc.sealer.toLowerCase());
}
