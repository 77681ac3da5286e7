import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Certificate } from '../certificates.ts';
import { createAuthority, issueCertificate } from '../certificates.ts';
import type { World } from '../world.ts';
import { FrontEnds } from './front-ends.ts';
import { type MailHost, mailHosts } from './mail-hosts.ts';

export interface SmtpOptions {
  /** 0 takes one port that is free on every address. */
  readonly port: number;
  /** Signs the hosts' certificates. */
  readonly authority: Certificate;
}

export interface SmtpServers {
  readonly port: number;
  stop(): Promise<void>;
}

const maxAttempts = 20;
const tarpitMs = 500;

/** Starts the tenant edge, the gateways and the own server, each on its loopback address. */
export async function startSmtp(world: World, { port, authority }: SmtpOptions): Promise<SmtpServers> {
  const wrong = await issueCertificate(authority, ['mail.wrong-name.example']);
  const stranger = await createAuthority();
  const doors = await Promise.all(
    mailHosts.map(async (host) => {
      const right = await issueCertificate(authority, host.certificateNames);
      const selfSigned = await issueCertificate(stranger, host.certificateNames);
      if (host.role !== 'tenant-edge') world.smtp.certificates.set(host.address, right);
      return { host, frontEnds: new FrontEnds(world, host, { right, wrong, selfSigned, authority }) };
    }),
  );
  const open = new Set<Socket>();
  const servers = doors.map(({ host, frontEnds }) =>
    createServer((socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => socket.destroy());
      receive(world, host, frontEnds, socket);
    }),
  );
  const taken = await listenTogether(servers, port);
  world.ports.smtp = taken;
  const stop = async (): Promise<void> => {
    for (const { frontEnds } of doors) frontEnds.stop();
    for (const socket of open) socket.destroySoon();
    await Promise.all(servers.map(close));
  };
  return { port: taken, stop };
}

function receive(world: World, host: MailHost, frontEnds: FrontEnds, socket: Socket): void {
  const behaviour = world.smtp.behaviour(host.address);
  if (behaviour !== 'normal' && behaviour !== 'busy') {
    const client = socket.remoteAddress ?? '';
    world.journal.add({ where: 'smtp', outcome: behaviour, host: host.role, client, stage: 'connect' });
  }
  if (behaviour === 'silent') socket.resume();
  else if (behaviour === 'refuse') socket.resetAndDestroy();
  else if (behaviour === 'tarpit') dribble(socket);
  else frontEnds.take(socket, behaviour);
}

/** A greeting that goes on for ever, a line at a time. */
function dribble(socket: Socket): void {
  socket.resume();
  const timer = setInterval(() => socket.write('220-please hold the line\r\n'), tarpitMs);
  socket.once('close', () => clearInterval(timer));
}

async function listenTogether(servers: readonly Server[], port: number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    let wanted = port;
    try {
      for (const [index, server] of servers.entries()) {
        server.listen(wanted, mailHosts[index]?.address);
        await once(server, 'listening');
        const bound = server.address();
        if (typeof bound === 'object' && bound) wanted = bound.port;
      }
      return wanted;
    } catch (error) {
      await Promise.all(servers.map(close));
      // With any port allowed, the first address may get one that is taken on another.
      if (port !== 0 || attempt === maxAttempts) throw error;
    }
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
