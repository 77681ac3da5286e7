import { isIPv4 } from 'node:net';
import pLimit from 'p-limit';
import type { AddressView, DnsResolver, MxRecord, MxView, TextView } from '../../ports/dns-resolver.ts';
import { type DnsServerAddress, dnsServerAddress } from './dns-server-address.ts';
import { walk } from './dns-walk.ts';

export interface ResolversOptions {
  /** `address:port` of every resolver to ask. */
  readonly servers: readonly string[];
  /** Milliseconds after which a resolver counts as silent. Default: 3000. */
  readonly deadlineMs?: number;
}

/** Bursts beyond this lose datagrams. */
const maxInFlight = 100;
const usualDeadlineMs = 3000;

/** Asks all resolvers at once and reports what each of them said. */
export function createResolvers({ servers, deadlineMs = usualDeadlineMs }: ResolversOptions): DnsResolver {
  const known = servers.map((text) => ({ label: text.trim(), server: dnsServerAddress(text) }));
  const limit = pLimit(maxInFlight);
  function everywhere<View>(
    view: (server: DnsServerAddress, label: string, signal: AbortSignal) => Promise<View>,
    signal?: AbortSignal,
  ): Promise<View[]> {
    const ask = ({ label, server }: (typeof known)[number]): Promise<View> =>
      limit(() => view(server, label, deadline(deadlineMs, signal)));
    return Promise.all(known.map(ask));
  }
  return {
    mx: (domain, signal) =>
      everywhere((server, label, until) => mxView(server, label, plainName(domain), until), signal),
    addresses: (host, signal) =>
      everywhere((server, label, until) => addressView(server, label, plainName(host), until), signal),
    texts: (name, signal) =>
      everywhere((server, label, until) => textView(server, label, plainName(name), until), signal),
  };
}

function deadline(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  return signal ? AbortSignal.any([timeout, signal]) : timeout;
}

async function mxView(
  server: DnsServerAddress,
  resolver: string,
  domain: string | null,
  signal: AbortSignal,
): Promise<MxView> {
  if (domain === null) return { resolver, status: 'nxdomain', records: [], ttlSeconds: 0 };
  const { status, records, ttl } = await walk(server, domain, 'MX', signal);
  const exchangers = records.flatMap((record) => (record.type === 'MX' ? [toMxRecord(record.data)] : []));
  return { resolver, status, records: exchangers.sort(byPreference), ttlSeconds: ttl };
}

async function addressView(
  server: DnsServerAddress,
  resolver: string,
  host: string | null,
  signal: AbortSignal,
): Promise<AddressView> {
  if (host === null) return { resolver, status: 'nxdomain', addresses: [] };
  const { status, records } = await walk(server, host, 'A', signal);
  const addresses = records.flatMap((record) => (record.type === 'A' && isIPv4(record.data) ? [record.data] : []));
  return { resolver, status, addresses: [...new Set(addresses)].sort() };
}

async function textView(
  server: DnsServerAddress,
  resolver: string,
  name: string | null,
  signal: AbortSignal,
): Promise<TextView> {
  if (name === null) return { resolver, status: 'nxdomain', texts: [] };
  const { status, records } = await walk(server, name, 'TXT', signal);
  const texts = records.flatMap((record) => (record.type === 'TXT' ? [[record.data].flat().join('')] : []));
  return { resolver, status, texts: texts.sort() };
}

function toMxRecord({ exchange, preference = 0 }: { exchange: string; preference?: number | undefined }): MxRecord {
  return { exchange: printable(exchange.toLowerCase().replace(/\.$/u, '')), preference };
}

/** Octets that no host name has are replaced, not dropped: the record must still count as a foreign host. */
function printable(host: string): string {
  return host.replace(/[^a-z0-9._-]/gu, '?').slice(0, 253);
}

function byPreference(first: MxRecord, second: MxRecord): number {
  return first.preference - second.preference || first.exchange.localeCompare(second.exchange);
}

/** The name in the form it is asked in, or null for what cannot be a DNS name and so cannot exist. */
function plainName(text: string): string | null {
  const name = text.toLowerCase().replace(/\.$/u, '');
  return name.length <= 253 && /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/u.test(name) ? name : null;
}
