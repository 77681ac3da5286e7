import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SMTPServerSession } from 'smtp-server';

export function senderOf(session: SMTPServerSession): string {
  return session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
}

/** Names in the certificate of a client, when somebody we trust issued it. */
export function certificateNames(socket: Socket): readonly string[] {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return [];
  const { subjectaltname = '' } = socket.getPeerCertificate();
  return [...subjectaltname.matchAll(/DNS:([^\s,]+)/gu)].map(([, name = '']) => name);
}
