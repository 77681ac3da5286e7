import type { SMTPServerSession } from 'smtp-server';
import { acceptMail, type Flow } from '../mail-flow/mail-flow.ts';
import { read } from '../mail-flow/wire.ts';
import type { World } from '../world.ts';
import { attributeAtEdge } from './edge-verdict.ts';
import { senderOf } from './session.ts';

const KEPT = 200;

/** What was sent after DATA, and from where. */
export interface Sent {
  readonly text: string;
  readonly octets: number;
  readonly certificate: readonly string[];
  /** Virtual milliseconds of the configuration that this front end has. */
  readonly at: number;
}

/** Mail flow begins for every recipient of a message that the tenant edge has taken. */
export function takeMail(world: World, session: SMTPServerSession, { text, octets, certificate, at }: Sent): void {
  const from = senderOf(session);
  const source = world.smtp.publicAddress(session.remoteAddress);
  const tls = session.secure;
  for (const { address: to } of session.envelope.rcptTo) {
    const got = read(text, { from, to }, octets);
    const attribution = attributeAtEdge(world, { from, to, source, tls, certificate, at });
    const flow = acceptMail(world, attribution, got, { by: 'smtp', source, tls, certificate });
    keep(world, got.message.id, flow);
  }
}

function keep(world: World, id: string, flow: Flow): void {
  const { flows } = world.smtp;
  flows.set(id, flow);
  const [oldest] = flows.keys();
  if (flows.size > KEPT && oldest !== undefined) flows.delete(oldest);
}
