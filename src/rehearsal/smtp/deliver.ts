import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { hostAddresses, tenantHost } from '../dns/dns-seed.ts';
import type { World } from '../world.ts';
import { domainOf } from './edge-verdict.ts';
import { type SmtpVia, sources } from './smtp-data.ts';

/**
 * `internet` follows the MX, as every sender does; `direct` goes past it to the tenant's own endpoint, as an
 * attacker does; `gateway` and `own-server` come from there to the tenant's endpoint.
 */
export const routesOfMail = ['internet', 'direct', 'gateway', 'own-server'] as const;

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly via: (typeof routesOfMail)[number];
}

/** One SMTP dialogue on a message's way. */
export interface Hop {
  readonly host: string;
  readonly address: string;
  /** The public address the host saw. */
  readonly source: string;
  readonly accepted: boolean;
  /** The last reply, or why there was none. */
  readonly reply: string;
}

const timeoutMs = 5000;

/** Gateways by the end of their host names. */
const vendors: Readonly<Record<string, SmtpVia>> = {
  'exchangedefender.com': 'exchangedefender',
  'emailservice.io': 'mailprotector',
  'gate.example': 'gate',
  'oldgate.example': 'oldgate',
};

/** Sends a real message over real sockets; what a gateway takes it passes on to the tenant. */
export async function deliver(world: World, { from, to, via }: Mail): Promise<readonly Hop[]> {
  const endpoint = tenantHost(domainOf(to));
  const mx = mxHost(world, to);
  const gateway = sources[vendorOf(mx)];
  if (via === 'direct') return [await hop(world, { from, to, host: endpoint, localAddress: sources.internet })];
  if (via === 'gateway') return [await hop(world, { from, to, host: endpoint, localAddress: gateway })];
  if (via === 'own-server') {
    return [await hop(world, { from, to, host: endpoint, localAddress: sources['own-server'] })];
  }
  if (mx === '') return [{ host: '', address: '', source: '', accepted: false, reply: `${domainOf(to)} has no MX` }];
  const first = await hop(world, { from, to, host: mx, localAddress: sources.internet });
  if (!first.accepted || first.address !== hostAddresses.gateways) return [first];
  return [first, await hop(world, { from, to, host: endpoint, localAddress: gateway })];
}

function mxHost(world: World, to: string): string {
  const hosts = world.dns
    .authority(domainOf(to), 'MX')
    .map(({ data }) => data.split(/\s+/u))
    .sort(([first], [second]) => Number(first) - Number(second));
  return hosts[0]?.[1]?.replace(/^\.$/u, '') ?? '';
}

function vendorOf(host: string): SmtpVia {
  const suffix = Object.keys(vendors).find((name) => host === name || host.endsWith(`.${name}`));
  return (suffix && vendors[suffix]) || 'gate';
}

interface HopRequest {
  readonly from: string;
  readonly to: string;
  readonly host: string;
  readonly localAddress: string;
}

async function hop(world: World, request: HopRequest): Promise<Hop> {
  const [record] = world.dns.authority(request.host, 'A');
  const facts = { host: request.host, source: world.smtp.publicAddress(request.localAddress) };
  if (!record) return { ...facts, address: '', accepted: false, reply: `${request.host} has no address` };
  try {
    const reply = await send(request, record.data, world.ports.smtp);
    return { ...facts, address: record.data, accepted: true, reply };
  } catch (error) {
    return { ...facts, address: record.data, accepted: false, reply: replyIn(error) };
  }
}

function replyIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'response' in error && typeof error.response === 'string' ? error.response : error.message;
}

function send({ from, to, host, localAddress }: HopRequest, address: string, port: number): Promise<string> {
  const connection = new SMTPConnection({
    host: address,
    port,
    localAddress,
    servername: host,
    name: 'sender.example',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Servers deliver to whoever the MX names; certificates are looked at by those who were told to.
    tls: { rejectUnauthorized: false },
  });
  return new Promise<string>((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('connection closed without a reply')));
    connection.connect(() => {
      const text = `From: <${from}>\r\nTo: <${to}>\r\nSubject: rehearsal\r\n\r\nA message of the rehearsal.\r\n`;
      connection.send({ from: from || false, to: [to] }, text, (error, info) => {
        if (error) reject(error);
        else resolve(info?.response ?? '');
      });
    });
  }).finally(() => connection.close());
}
