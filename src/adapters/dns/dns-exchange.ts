import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import {
  type DnsQuestion,
  type DnsReply,
  newQuestion,
  type QuestionType,
  readReply,
  writeQuestion,
} from './dns-packets.ts';
import type { DnsServerAddress } from './dns-server-address.ts';

/** After this long without an answer the question is sent a second time. */
const retryMs = 1000;

/** Asks one resolver one question. Null when no valid answer came before `signal`; never throws. */
export async function askServer(
  server: DnsServerAddress,
  name: string,
  type: QuestionType,
  signal: AbortSignal,
): Promise<DnsReply | null> {
  if (signal.aborted) return null;
  const question = newQuestion(name, type);
  const reply = await overUdp(server, question, signal);
  return reply?.truncated && !signal.aborted ? overTcp(server, question, signal) : reply;
}

function overUdp(server: DnsServerAddress, question: DnsQuestion, signal: AbortSignal): Promise<DnsReply | null> {
  return new Promise((resolve) => {
    const message = writeQuestion(question);
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    const finish = (reply: DnsReply | null): void => {
      clearTimeout(retry);
      signal.removeEventListener('abort', giveUp);
      socket
        .removeAllListeners('message')
        .removeAllListeners('error')
        .on('error', () => undefined);
      // A failed `connect` may have closed it already.
      if (!closed) socket.close();
      closed = true;
      resolve(reply);
    };
    let closed = false;
    const giveUp = (): void => finish(null);
    const send = (): void => socket.send(message, () => undefined);
    const retry = setTimeout(() => send(), retryMs);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('error', giveUp);
    socket.on('message', (octets) => {
      const reply = readReply(octets, question);
      if (reply) finish(reply);
    });
    // A connected socket takes datagrams from this resolver only.
    socket.connect(server.port, server.address, () => {
      if (!closed) send();
    });
  });
}

function overTcp(server: DnsServerAddress, question: DnsQuestion, signal: AbortSignal): Promise<DnsReply | null> {
  return new Promise((resolve) => {
    const message = writeQuestion(question);
    const socket = connect({ host: server.address, port: server.port });
    let received = Buffer.alloc(0);
    const finish = (reply: DnsReply | null): void => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(reply);
    };
    const giveUp = (): void => finish(null);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', giveUp);
    socket.once('close', giveUp);
    socket.once('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      socket.write(Buffer.concat([length, message]));
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2) return;
      const end = 2 + received.readUInt16BE(0);
      if (received.length >= end) finish(readReply(received.subarray(2, end), question));
    });
  });
}
