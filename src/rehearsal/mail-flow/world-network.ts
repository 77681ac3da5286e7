import { createHash } from 'node:crypto';
import { hostAddresses, tenantHost } from '../dns/dns-seed.ts';
import { mailHosts } from '../smtp/mail-hosts.ts';
import { sources } from '../smtp/smtp-data.ts';
import { vendorOf } from '../smtp/vendors.ts';
import type { World } from '../world.ts';
import type { Network, Scanner, Site } from './network.ts';

const MICROSOFT = '40.107.22.5';

/** The mail hosts and zones of the rehearsal, as mail flow meets them. */
export function worldNetwork(world: World): Network {
  return {
    site: (host) => siteOf(world, host),
    mx: (domain) => mxHosts(world, domain),
    tenantHost,
    text: (name) => world.dns.authority(name, 'TXT').map(({ data }) => data),
    egress: (site) => world.smtp.publicAddress(egressOf(site)),
    serves: (site, domain) => site.kind !== 'nowhere' && (world.smtp.served.get(site.address)?.has(domain) ?? false),
    scanner: (tenantId) => scannerOf(world, tenantId),
    microsoftEgress: MICROSOFT,
  };
}

/** The inline scanner of a customer. Nobody has to introduce the two. */
export function scannerOf(world: World, tenantId: string): Scanner {
  const usual: Scanner = {
    secret: createHash('sha256').update(`inline ${tenantId}`).digest('hex').slice(0, 32),
    returnAddress: world.smtp.publicAddress(sources.inline),
    certificate: [`${tenantId}.eu.inline.example`],
    deliversOutgoing: false,
    fault: 'none',
  };
  return world.smtp.scanners.get(tenantId) ?? usual;
}

/** Null for a domain that has no zone here: it is somewhere on the internet. */
function mxHosts(world: World, domain: string): string[] | null {
  const records = world.dns.authority(domain, 'MX');
  if (records.length === 0) return world.dns.authority(domain).length > 0 ? [] : null;
  return records
    .map(({ data }) => data.split(/\s+/u))
    .sort(([first], [second]) => Number(first) - Number(second))
    .map(([, host = '']) => host.replace(/\.$/u, ''))
    .filter((host) => host !== '');
}

function siteOf(world: World, host: string): Site {
  const [record] = world.dns.authority(host, 'A');
  if (!record) return { kind: 'nowhere', host, why: 'no address' };
  const { data: address } = record;
  const known = mailHosts.find((one) => one.address === address);
  if (!known) return { kind: 'internet', host, address, names: [host] };
  const behaviour = world.smtp.behaviour(address);
  if (behaviour !== 'normal' && behaviour !== 'no-starttls' && behaviour !== 'wrong-certificate') {
    return { kind: 'nowhere', host, why: behaviour };
  }
  const names = { normal: known.certificateNames, 'no-starttls': [], 'wrong-certificate': ['mail.wrong-name.example'] };
  return { kind: kindOf(host, address), host, address, names: names[behaviour] };
}

function kindOf(host: string, address: string): Exclude<Site['kind'], 'nowhere'> {
  if (address === hostAddresses.tenantEdge) return 'edge';
  if (address === hostAddresses.ownServer) return 'own-server';
  const vendor = vendorOf(host);
  if (vendor === 'inline') return 'scanner';
  return vendor === 'inkwell' ? 'signer' : 'gateway';
}

function egressOf(site: Site): string {
  if (site.kind === 'own-server') return sources['own-server'];
  return site.kind === 'gateway' || site.kind === 'scanner' || site.kind === 'signer'
    ? sources[vendorOf(site.host)]
    : sources.internet;
}
