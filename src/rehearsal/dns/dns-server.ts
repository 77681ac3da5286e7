import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { World } from '../world.ts';
import { type DnsTransport, respond } from './dns-responder.ts';

export interface DnsListener {
  readonly name: string;
  /** 0 takes any free port, the same for UDP and TCP. */
  readonly port: number;
}

export interface DnsServers {
  /** In the order asked for, with the ports really taken. */
  readonly listeners: readonly DnsListener[];
  stop(): Promise<void>;
}

interface Pair {
  readonly name: string;
  readonly port: number;
  readonly udp: UdpSocket;
  readonly tcp: Server;
  readonly open: Set<Socket>;
}

const address = '127.0.0.1';
const idleMs = 10_000;
const maxAttempts = 20;

/** Starts the resolvers, each on one port over UDP and TCP. */
export async function startDns(world: World, listeners: readonly DnsListener[]): Promise<DnsServers> {
  const pairs: Pair[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(pairs.map(close));
  };
  try {
    for (const { name, port } of listeners) pairs.push(await open(world, name, port));
  } catch (error) {
    await stop();
    throw error;
  }
  return { listeners: pairs.map(({ name, port }) => ({ name, port })), stop };
}

async function open(world: World, name: string, port: number): Promise<Pair> {
  for (let attempt = 1; ; attempt += 1) {
    const udp = await openUdp(world, name, port);
    const taken = udp.address().port;
    try {
      return { name, port: taken, udp, ...(await openTcp(world, name, taken)) };
    } catch (error) {
      udp.close();
      // With any port allowed, UDP may have been given one that is taken for TCP.
      if (port !== 0 || attempt === maxAttempts) throw error;
    }
  }
}

async function openUdp(world: World, name: string, port: number): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.on('message', (message, peer) => {
    const send = (answer: Buffer | null): void => {
      if (answer) socket.send(answer, peer.port, peer.address, () => undefined);
    };
    // It was stopped before a slow answer.
    void answered(world, name, message, 'udp')
      .then(send)
      .catch(() => undefined);
  });
  socket.bind(port, address);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('error', () => undefined);
  return socket;
}

/** A record that cannot be put on the wire must not end the program: the client is left without an answer. */
async function answered(world: World, name: string, message: Buffer, transport: DnsTransport): Promise<Buffer | null> {
  try {
    return await respond(world, name, message, transport);
  } catch (error) {
    world.journal.add({ where: 'dns', outcome: 'unanswerable', resolver: name, detail: String(error) });
    return null;
  }
}

async function openTcp(world: World, name: string, port: number): Promise<Pick<Pair, 'tcp' | 'open'>> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(idleMs, () => socket.destroy());
    answerFrames(world, name, socket);
  });
  server.listen(port, address);
  await once(server, 'listening');
  return { tcp: server, open };
}

/** Over TCP every message is preceded by its length in two octets. */
function answerFrames(world: World, name: string, socket: Socket): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const message = pending.subarray(2, end);
      pending = pending.subarray(end);
      void answered(world, name, message, 'tcp').then((answer) => {
        if (answer && socket.writable) socket.write(framed(answer));
      });
    }
  });
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

async function close({ udp, tcp, open }: Pair): Promise<void> {
  for (const socket of open) socket.destroy();
  await Promise.all([
    new Promise<void>((resolve) => udp.close(() => resolve())),
    new Promise<void>((resolve) => tcp.close(() => resolve())),
  ]);
}
