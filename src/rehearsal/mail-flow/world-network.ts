import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { hostAddresses, reverseName, tenantHost } from '../dns/dns-seed.ts';
import { hasDkimAliases } from '../exchange/dkim-targets.ts';
import { mailHosts } from '../smtp/mail-hosts.ts';
import type { SmtpBehaviour } from '../smtp/smtp-behaviour.ts';
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
    reverse: (address) =>
      world.dns.authority(reverseName(address), 'PTR')[0]?.data.toLowerCase().replace(/\.$/u, '') ?? null,
    addresses: (name) => publicAddresses(world, name),
    publishesKeys: (config) => hasDkimAliases(world, config),
    dane: (host) => world.smtp.dane.get(host.toLowerCase()) ?? null,
    mtaSts: (domain) => world.smtp.mtaSts.get(domain) ?? null,
    text: (name) => world.dns.authority(name, 'TXT').map(({ data }) => data),
    egress: (site) => world.smtp.publicAddress(sourceOf(site.kind, site.host)),
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
    sealer: null,
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
  const address = isIPv4(host) ? listeningAddress(world, host) : world.dns.authority(host, 'A')[0]?.data;
  if (address === undefined) return { kind: 'nowhere', host, why: 'no address' };
  const known = mailHosts.find((one) => one.address === address);
  if (!known) return { kind: 'internet', host, address, names: [host], isTrusted: true };
  const behaviour = world.smtp.behaviour(address);
  if (!isAnswering(behaviour)) return { kind: 'nowhere', host, why: behaviour };
  const names = { ...NAMES, normal: known.certificateNames, 'self-signed': known.certificateNames }[behaviour];
  return { kind: kindOf(host, address), host, address, names, isTrusted: behaviour !== 'self-signed' };
}

const NAMES = { 'no-starttls': [], 'wrong-certificate': ['mail.wrong-name.example'] };
const ANSWERING = ['normal', 'no-starttls', 'wrong-certificate', 'self-signed'] as const;

function isAnswering(behaviour: SmtpBehaviour): behaviour is (typeof ANSWERING)[number] {
  return ANSWERING.some((one) => one === behaviour);
}

/** A smart host may be named by the public address of one of ours. */
function listeningAddress(world: World, address: string): string {
  const own = mailHosts.find(
    (host) => host.role !== 'tenant-edge' && world.smtp.publicAddress(host.address) === address,
  );
  return own?.address ?? address;
}

/** The world sees our hosts at other addresses than those they listen on. */
function publicAddresses(world: World, name: string): string[] {
  const isOurs = (address: string): boolean =>
    address !== hostAddresses.tenantEdge && mailHosts.some((host) => host.address === address);
  return world.dns
    .authority(name, 'A')
    .map(({ data }) => (isOurs(data) ? world.smtp.publicAddress(sourceOf(kindOf(name, data), name)) : data));
}

function kindOf(host: string, address: string): Exclude<Site['kind'], 'nowhere'> {
  if (address === hostAddresses.tenantEdge) return 'edge';
  if (address === hostAddresses.ownServer) return 'own-server';
  const vendor = vendorOf(host);
  if (vendor === 'inline') return 'scanner';
  return vendor === 'inkwell' ? 'signer' : 'gateway';
}

function sourceOf(kind: Site['kind'], host: string): string {
  if (kind === 'own-server') return sources['own-server'];
  return kind === 'gateway' || kind === 'scanner' || kind === 'signer' ? sources[vendorOf(host)] : sources.internet;
}
