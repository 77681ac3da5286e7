import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { hostAddresses, tenantHost } from '../dns/dns-seed.ts';
import { domainOf, type MailMessage } from '../mail-flow/mail-message.ts';
import { written } from '../mail-flow/wire.ts';
import { worldNetwork } from '../mail-flow/world-network.ts';
import type { World } from '../world.ts';
import { sources } from './smtp-data.ts';
import { vendorOf } from './vendors.ts';

/**
 * `internet` follows the MX, as every sender does; `direct` goes past it to the tenant's own endpoint, as an
 * attacker does; `gateway` and `own-server` come from there to the tenant's endpoint.
 */
export const routesOfMail = ['internet', 'direct', 'gateway', 'own-server'] as const;

export interface Mail {
  readonly message: MailMessage;
  readonly via: (typeof routesOfMail)[number];
  /** The recipient is away and answers. */
  readonly autoReply?: boolean;
  /** Without STARTTLS. */
  readonly clearText?: boolean;
  /** Without the certificate of the sending server. */
  readonly anonymous?: boolean;
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

/** Sends a real message over real sockets; what a gateway takes it passes on to the tenant. */
export async function deliver(world: World, mail: Mail): Promise<readonly Hop[]> {
  const { to } = mail.message;
  const endpoint = endpointFor(mail.message);
  const [mx = ''] = worldNetwork(world).mx(domainOf(to)) ?? [];
  const gateway = sources[vendorOf(mx)];
  if (mail.via === 'direct') return [await hop(world, { ...mail, host: endpoint, localAddress: sources.internet })];
  if (mail.via === 'gateway') return [await hop(world, { ...mail, host: endpoint, localAddress: gateway })];
  if (mail.via === 'own-server') {
    return [await hop(world, { ...mail, host: endpoint, localAddress: sources['own-server'] })];
  }
  if (mx === '') return [{ host: '', address: '', source: '', accepted: false, reply: `${domainOf(to)} has no MX` }];
  const first = await hop(world, { ...mail, host: mx, localAddress: sources.internet });
  if (!first.accepted || first.address !== hostAddresses.gateways) return [first];
  const message = { ...mail.message, hops: [...mail.message.hops, first.source] };
  return [first, await hop(world, { ...mail, message, host: endpoint, localAddress: gateway })];
}

/** A server that relays through Office 365 uses its own organisation's endpoint, whoever the mail is for. */
function endpointFor({ from, to }: MailMessage): string {
  return tenantHost(domainOf(to) || domainOf(from));
}

interface HopRequest extends Mail {
  readonly host: string;
  readonly localAddress: string;
}

async function hop(world: World, request: HopRequest): Promise<Hop> {
  const [record] = world.dns.authority(request.host, 'A');
  const facts = { host: request.host, source: world.smtp.publicAddress(request.localAddress) };
  if (!record) return { ...facts, address: '', accepted: false, reply: `${request.host} has no address` };
  try {
    const reply = await send(world, request, record.data);
    return { ...facts, address: record.data, accepted: true, reply };
  } catch (error) {
    return { ...facts, address: record.data, accepted: false, reply: replyIn(error) };
  }
}

function replyIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'response' in error && typeof error.response === 'string' ? error.response : error.message;
}

function send(world: World, request: HopRequest, address: string): Promise<string> {
  const { message, host, localAddress, autoReply = false, clearText = false, anonymous = false } = request;
  const certificate = anonymous ? undefined : world.smtp.certificates.get(localAddress);
  const connection = new SMTPConnection({
    host: address,
    port: world.ports.smtp,
    localAddress,
    servername: host,
    name: 'sender.example',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    ignoreTLS: clearText,
    // Servers deliver to whoever the MX names; certificates are looked at by those who were told to.
    tls: { rejectUnauthorized: false, ...certificate },
  });
  return new Promise<string>((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('connection closed without a reply')));
    connection.connect(() => {
      const { from, to } = message;
      connection.send({ from: from || false, to: [to] }, written(message, autoReply), (error, info) => {
        if (error) reject(error);
        else resolve(info?.response ?? '');
      });
    });
  }).finally(() => connection.close());
}
