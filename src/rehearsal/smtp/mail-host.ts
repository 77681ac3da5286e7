import { setTimeout as wait } from 'node:timers/promises';
import { domainOf, noTraits } from '../mail-flow/mail-message.ts';
import { traceRefusal } from '../mail-flow/write-trace.ts';
import type { World } from '../world.ts';
import { atRecipient } from './after-data.ts';
import { edgeVerdict } from './edge-verdict.ts';
import type { MailHost } from './mail-hosts.ts';
import { filledIn, namedReplies } from './named-replies.ts';
import { accepted, type SmtpReply, summary } from './smtp-reply.ts';

/** One RCPT TO as a host hears it. */
export interface Recipient {
  readonly from: string;
  readonly to: string;
  /** Address the client connected from. */
  readonly client: string;
  readonly tls: boolean;
  /** Names in the certificate that the client showed. */
  readonly certificate: readonly string[];
  readonly frontEnd: string;
}

/** The reply of this host to a recipient, written to the journal. Null: it never answers. */
export async function answerRecipient(world: World, host: MailHost, recipient: Recipient): Promise<SmtpReply | null> {
  const { from, to, client, tls, frontEnd } = recipient;
  const source = world.smtp.publicAddress(client);
  const facts = { host: host.role, frontEnd, client, source, from, to, tls, stage: 'rcpt' };
  const fault = world.faults.take('smtp', { host: host.role, address: host.address, domain: domainOf(to), to, source });
  if (fault?.kind === 'slow') await wait(fault.delayMs);
  if (fault?.kind === 'hang-after') {
    world.journal.add({ where: 'smtp', outcome: fault.kind, ...facts });
    return null;
  }
  const forced = fault && fault.kind !== 'slow' ? serverBusy(source) : forcedReply(world, host, to, source);
  const verdict = forced ? { reply: forced, tenant: null } : verdictOf(world, host, { ...recipient, source });
  const { id, name } = verdict.tenant ?? {};
  if (id && !forced) knock(world, id, { from, to, source }, verdict.reply);
  const ofTenant = id && name ? { tenant: id, tenantName: name } : {};
  world.journal.add({ where: 'smtp', outcome: summary(verdict.reply), ...ofTenant, ...facts });
  return host.role === 'tenant-edge' ? withTrailer(verdict.reply, frontEnd, world.clock.now()) : verdict.reply;
}

function forcedReply(world: World, host: MailHost, to: string, source: string): SmtpReply | null {
  if (world.smtp.behaviour(host.address) === 'busy') return serverBusy(source);
  if (host.role !== 'tenant-edge') return null;
  const domain = domainOf(to);
  const wanted = world.smtp.replies.get(to.toLowerCase()) ?? world.smtp.replies.get(domain);
  return wanted ? filledIn(wanted, { source, domain }) : null;
}

function serverBusy(source: string): SmtpReply {
  return filledIn(namedReplies['server-busy'], { source, domain: '' });
}

type Verdict = ReturnType<typeof edgeVerdict>;

function verdictOf(world: World, host: MailHost, recipient: Recipient & { source: string }): Verdict {
  if (host.role === 'tenant-edge') {
    const verdict = edgeVerdict(world, { ...recipient, at: configurationTime(world, host, recipient.frontEnd) });
    return { ...verdict, reply: atRecipient(world, verdict.reply) };
  }
  const domain = domainOf(recipient.to);
  const isServed = world.smtp.served.get(host.address)?.has(domain) ?? false;
  const denied = { code: 550, text: `5.7.1 Relaying denied: ${domain} is not a domain of this server` };
  return { reply: isServed ? accepted : denied, tenant: null };
}

/** Every second front end may act on an older configuration. */
export function configurationTime(world: World, host: MailHost, frontEnd: string): number {
  const behind = frontEnd === host.frontEnds[1] ? world.smtp.lagSeconds * 1000 : 0;
  return world.clock.now() - behind;
}

/** Microsoft ends most replies with the server, the time and a message id. */
export function withTrailer(reply: SmtpReply, frontEnd: string, now: number): SmtpReply {
  if (reply === accepted) return reply;
  const server = `${frontEnd.split('.')[0]}.eurprd02.prod.outlook.com`;
  const id = Math.floor(now).toString(16).toUpperCase().padStart(16, '08DE');
  return { ...reply, text: `${reply.text} [${server} ${new Date(now).toISOString()} ${id}]` };
}

function knock(
  world: World,
  tenantId: string,
  { from, to, source }: { from: string; to: string; source: string },
  reply: SmtpReply,
): void {
  const message = {
    id: `<${crypto.randomUUID()}@sender.example>`,
    from,
    to,
    headerFrom: from,
    recipients: [to],
    subject: '',
    size: 0,
    type: null,
    content: 'clean',
    traits: noTraits,
    headers: [],
    hops: [],
    dkim: null,
    arc: null,
  } as const;
  traceRefusal(world, { tenantId, message, source, reply: `${reply.code} ${reply.text}` });
}
