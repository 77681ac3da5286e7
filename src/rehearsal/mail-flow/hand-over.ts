import { hostDemand } from './host-security.ts';
import { type Arrival, domainOf, type MailMessage, withHeader } from './mail-message.ts';
import type { Network, Reached } from './network.ts';
import { reach, tlsDemand } from './reach.ts';
import { type Offered, scan } from './scanner.ts';
import type { Setup } from './setup.ts';
import type { Outcome, Stop } from './stop.ts';
import { type Ending, nextHosts } from './tenant-pass.ts';

/** Where a copy of a message goes next. */
export type Next =
  | { readonly to: 'edge'; readonly message: MailMessage; readonly arrival: Arrival & { by: 'smtp' } }
  | { readonly to: 'tenant'; readonly setup: Setup; readonly message: MailMessage }
  | { readonly to: 'stop'; readonly stop: Stop; readonly after: Next }
  | { readonly to: 'end'; readonly outcome: Outcome; readonly stop?: Stop };

type Sent = Ending & { kind: 'sent' };

/** Exchange Online passes a message on to the first host it can reach as its connector demands. */
export function handOver(network: Network, setup: Setup, ending: Sent): Next {
  const hosts = nextHosts(network, setup, ending);
  const { message } = ending;
  if (hosts === null) return outside(message, domainOf(message.to));
  if (hosts.length === 0) return ended('refused', message, NO_MX);
  const tls = tlsDemand(ending.connector, ending.requiresTls);
  const site = reach(network, { tls, host: hostDemand(ending.connector, domainOf(message.to)) }, hosts);
  if (typeof site === 'string') return ended('deferred', message, site);
  return received(network, site, { message, source: network.microsoftEgress });
}

const NO_MX = '550 5.4.310 DNS domain does not exist or takes no mail';
const MAX_HOPS = 30;

/** What a host does with a message that it is offered. */
function received(network: Network, site: Reached, offer: Offered): Next {
  const { message, source } = offer;
  if (site.kind === 'edge') return { to: 'edge', message, arrival: { by: 'smtp', source, tls: true, certificate: [] } };
  if (site.kind === 'internet') return outside(message, site.host);
  if (site.kind === 'scanner') return scanned(network, site, offer);
  if (site.kind === 'signer') return signed(network, site, offer);
  const isServed = network.serves(site, domainOf(message.to));
  if (site.kind === 'gateway') return isServed ? filtered(network, site, offer) : relayed(network, site, offer);
  if (!isServed) return relayed(network, site, offer);
  const stop = { at: 'own-server', host: site.host, note: `delivered to ${message.to}` } as const;
  return { to: 'end', outcome: { kind: 'own-server', recipient: message.to, detail: site.host }, stop };
}

/** The offered message with the server that offered it among those that passed it on. */
function taken({ message, source }: Offered): MailMessage {
  return { ...message, hops: [...message.hops, source] };
}

function scanned(network: Network, site: Reached, offer: Offered): Next {
  const result = scan(network, site.host, { ...offer, message: taken(offer) });
  if (result.kind === 'down') return ended('deferred', offer.message, `450 4.4.316 Connection timed out: ${site.host}`);
  if (result.kind === 'refused') return ended('refused', offer.message, result.why);
  const { message, source, certificate } = result;
  const stop = { at: 'scanner', host: site.host, note: result.kind } as const;
  const back: Next = { to: 'edge', message, arrival: { by: 'smtp', source, tls: true, certificate } };
  return { to: 'stop', stop, after: result.kind === 'returns' ? back : onward(network, { message, source }) };
}

/** A signature service signs and gives the message back to the organisation that its author belongs to. */
function signed(network: Network, site: Reached, offer: Offered): Next {
  const message = withHeader({ ...taken(offer), dkim: null, arc: null }, 'X-Inkwell-Signed', 'true');
  const [customer] = domainOf(message.headerFrom).split('.');
  const certificate = [`${customer}.inkwell.example`];
  const stop = { at: 'signer', host: site.host, note: 'signs and returns' } as const;
  const arrival = { by: 'smtp', source: network.egress(site), tls: true, certificate } as const;
  return { to: 'stop', stop, after: { to: 'edge', message, arrival } };
}

/** A gateway takes mail for its customers' domains to their organisation. */
function filtered(network: Network, site: Reached, offer: Offered): Next {
  const message = taken(offer);
  const arrival = { by: 'smtp', source: network.egress(site), tls: true, certificate: site.names } as const;
  const stop = { at: 'gateway', host: site.host, note: `to ${network.tenantHost(domainOf(message.to))}` } as const;
  return { to: 'stop', stop, after: { to: 'edge', message, arrival } };
}

/** What its customers send a server takes to the MX, a gateway only from a sender that it can name. */
function relayed(network: Network, site: Reached, offer: Offered): Next {
  const message = taken(offer);
  const at = site.kind === 'gateway' ? 'gateway' : 'own-server';
  if (message.hops.length > MAX_HOPS)
    return ended('looped', message, '554 5.4.6 Hop count exceeded - possible mail loop');
  if (at === 'gateway' && message.from === '') {
    return ended('refused', message, '550 5.7.1 The gateway takes no mail without a sender');
  }
  const stop = { at, host: site.host, note: `relays to the MX of ${domainOf(message.to)}` } as const;
  return { to: 'stop', stop, after: onward(network, { message, source: network.egress(site) }) };
}

function onward(network: Network, offer: Offered): Next {
  const { message } = offer;
  const [host] = network.mx(domainOf(message.to)) ?? [null];
  if (host === undefined) return ended('refused', message, NO_MX);
  if (host === null) return outside(message, domainOf(message.to));
  const site = network.site(host);
  if (site.kind === 'nowhere') return ended('deferred', message, `450 4.4.316 Connection refused: ${host}`);
  return received(network, site, offer);
}

function outside(message: MailMessage, host: string): Next {
  const outcome = { kind: 'outside', recipient: message.to, detail: host } as const;
  return { to: 'end', outcome, stop: { at: 'internet', host, note: `delivered to ${message.to}` } };
}

function ended(kind: Outcome['kind'], message: MailMessage, detail: string): Next {
  return { to: 'end', outcome: { kind, recipient: message.to, detail } };
}
