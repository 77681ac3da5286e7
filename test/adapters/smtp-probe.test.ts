import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSmtpProbe, type ProbeOptions } from '../../src/adapters/smtp/probe.ts';
import type { SmtpProbeRequest, SmtpProbeResult } from '../../src/ports/smtp-probe.ts';
import { type SmtpServers, startSmtp } from '../../src/rehearsal/smtp/smtp-server.ts';
import type { World } from '../../src/rehearsal/world.ts';
import { lock, removeConnectors, type SmallWorld, smallWorld, store } from '../rehearsal/small-world.ts';

const request: SmtpProbeRequest = {
  host: 'contoso-com.mail.protection.outlook.com',
  address: '127.0.0.11',
  from: 'probe@outside.example',
  to: 'info@contoso.com',
};

describe('adapters/smtp/probe', () => {
  let small: SmallWorld;
  let world: World;
  let servers: SmtpServers;

  beforeAll(async () => {
    small = await smallWorld();
    ({ world } = small);
    servers = await startSmtp(world, { port: 0, authority: small.authority });
  });

  afterAll(() => servers.stop());

  beforeEach(() => {
    world.smtp.reset();
    world.journal.clear();
    world.faults.clear();
    removeConnectors(world, small.contoso);
  });

  function probe(
    changes: Partial<SmtpProbeRequest> = {},
    options: Partial<ProbeOptions> = {},
    signal?: AbortSignal,
  ): Promise<SmtpProbeResult> {
    const usual = { port: servers.port, egressAddresses: [], allowLoopback: true, extraCa: [small.authority.cert] };
    return createSmtpProbe({ ...usual, ...options }).probe({ ...request, ...changes }, signal);
  }

  it('hears that a recipient is accepted and sends no message', async () => {
    const result = await probe();
    expect(result).toMatchObject({ kind: 'reply', stage: 'rcpt', code: 250, tls: true });
    const entries = world.journal.list({ where: 'smtp' });
    expect(entries.map(({ stage }) => stage)).toEqual(['rcpt']);
    expect(entries[0]).toMatchObject({ source: '198.51.100.25', from: 'probe@outside.example', tls: true });
  });

  it('hears the lock with its enhanced code, from two front ends in turn', async () => {
    store(world, small.contoso, 'inboundConnectors', 'lock', lock);
    const results = [await probe(), await probe()];
    for (const result of results) {
      expect(result).toMatchObject({ kind: 'reply', stage: 'rcpt', code: 550, enhancedCode: '5.7.51', tls: true });
      expect(result).toHaveProperty('text', expect.stringMatching(/^TenantInboundAttribution; There is a partner/u));
    }
    const hosts = results.map((result) => (result.kind === 'reply' ? result.greetingHost : ''));
    expect(new Set(hosts).size).toBe(2);
    expect(hosts.every((host) => host.endsWith('.mail.protection.outlook.com'))).toBe(true);
  });

  it('asks gateways with the certificate of their name', async () => {
    const result = await probe({ host: 'inbound30.exchangedefender.com', address: '127.0.0.12' });
    expect(result).toMatchObject({ kind: 'reply', code: 250, greetingHost: 'inbound30.exchangedefender.com' });
    const other = await probe({ host: 'mx.gate.example', address: '127.0.0.12', to: 'info@nobody.example' });
    expect(other).toMatchObject({ kind: 'reply', code: 550, enhancedCode: '5.7.1' });
  });

  it('probes with the null sender', async () => {
    expect(await probe({ from: '' })).toMatchObject({ kind: 'reply', code: 250 });
  });

  it('reports a busy host as its reply', async () => {
    world.smtp.behaviours.set('127.0.0.11', 'busy');
    expect(await probe()).toMatchObject({ kind: 'reply', code: 451, enhancedCode: '4.7.500' });
  });

  it('reports a certificate for another name, and one of an unknown authority', async () => {
    expect(await probe({}, { extraCa: [] })).toMatchObject({
      kind: 'failure',
      reason: 'certificate',
      stage: 'starttls',
    });
    world.smtp.behaviours.set('127.0.0.11', 'wrong-certificate');
    expect(await probe()).toMatchObject({ kind: 'failure', reason: 'certificate', stage: 'starttls' });
  });

  it('reports a host without STARTTLS and says nothing to it in the clear', async () => {
    world.smtp.behaviours.set('127.0.0.11', 'no-starttls');
    expect(await probe()).toMatchObject({ kind: 'failure', reason: 'no-starttls' });
    expect(world.journal.list({ where: 'smtp' }).map(({ stage }) => stage)).toEqual(['connect']);
  });

  it('reports a host that resets the connection', async () => {
    world.smtp.behaviours.set('127.0.0.11', 'refuse');
    const result = await probe();
    // The reset may overtake the news that the connection was made.
    expect(['unreachable', 'connection-closed']).toContain(result.kind === 'failure' ? result.reason : '');
  });

  it('leaves a host that never answers RCPT', async () => {
    world.faults.arm({ where: 'smtp', kind: 'hang-after', match: { domain: 'contoso.com' } });
    const result = await probe({}, { totalMs: 1500 });
    expect(result).toMatchObject({ kind: 'failure', stage: 'rcpt', reason: 'timeout' });
  });

  it('reports an abort as a time-out', async () => {
    world.smtp.behaviours.set('127.0.0.11', 'silent');
    expect(await probe({}, {}, AbortSignal.timeout(100))).toMatchObject({ kind: 'failure', reason: 'timeout' });
  });

  it('reports a port where nobody listens', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = portOf(other);
    other.close();
    const result = await probe({ address: '127.0.0.1' }, { port });
    expect(result).toMatchObject({ kind: 'failure', stage: 'connect', reason: 'unreachable' });
  });

  it.each([
    { to: 'info@contoso.com>\r\nDATA' },
    { to: 'no address' },
    { from: 'a b@outside.example' },
    { host: 'mx.example\r\n' },
    { to: `${'x'.repeat(250)}@contoso.com` },
  ])('refuses %j without connecting', async (changes) => {
    expect(await probe(changes)).toMatchObject({ kind: 'failure', stage: 'connect', reason: 'protocol' });
    expect(world.journal.list({ where: 'smtp' })).toEqual([]);
  });

  it('asks one host at most three things at a time and settles them all', async () => {
    const asked = createSmtpProbe({
      port: servers.port,
      egressAddresses: ['198.51.100.25'],
      allowLoopback: true,
      extraCa: [small.authority.cert],
    });
    expect(asked.egressAddresses).toEqual(['198.51.100.25']);
    const results = await Promise.all(Array.from({ length: 12 }, () => asked.probe(request)));
    expect(results.every((result) => result.kind === 'reply' && result.code === 250)).toBe(true);
  });
});

describe('adapters/smtp/probe with a hostile host', () => {
  let server: Server;
  let onConnection: (socket: Socket) => void;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      onConnection(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server.close();
  });

  function probe(totalMs = 3000): Promise<SmtpProbeResult> {
    const options = { port: portOf(server), egressAddresses: [], allowLoopback: true, totalMs };
    return createSmtpProbe(options).probe({ ...request, address: '127.0.0.1' });
  }

  it('reads no more than a few kilobytes of an endless greeting', async () => {
    let written = 0;
    onConnection = (socket) => {
      const line = `220-${'x'.repeat(1000)}\r\n`;
      const more = (): void => {
        while (!socket.destroyed && socket.write(line)) written += line.length;
      };
      socket.on('drain', more);
      more();
    };
    expect(await probe()).toMatchObject({ kind: 'failure', reason: 'protocol' });
    expect(written).toBeLessThan(8_000_000);
  });

  it('gives up on one endless line', async () => {
    onConnection = (socket) => socket.write(`220 ${'x'.repeat(100_000)}`);
    expect(await probe()).toMatchObject({ kind: 'failure', reason: 'protocol' });
  });

  it('reports a refusal in the greeting as the reply it is', async () => {
    onConnection = (socket) => socket.write('554-5.7.1 mx.example\r\n554 5.7.1 go\taway\u0007\r\n');
    expect(await probe()).toEqual({
      kind: 'reply',
      stage: 'greeting',
      code: 554,
      enhancedCode: '5.7.1',
      text: 'mx.example go away',
      tls: false,
      greetingHost: '5.7.1',
    });
  });

  it('reports a host that speaks something else', async () => {
    onConnection = (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await probe()).toMatchObject({ kind: 'failure', stage: 'greeting', reason: 'protocol' });
  });

  it('reports a host that hangs up at once', async () => {
    onConnection = (socket) => socket.end();
    expect(await probe()).toMatchObject({ kind: 'failure', stage: 'greeting', reason: 'connection-closed' });
  });

  it('reports a host that breaks the TLS handshake', async () => {
    onConnection = (socket) => {
      socket.write('220 mx.example ESMTP\r\n');
      socket.on('data', (chunk: Buffer) => {
        const text = chunk.toString('latin1');
        if (text.startsWith('EHLO')) socket.write('250-mx.example\r\n250 STARTTLS\r\n');
        else if (text.startsWith('STARTTLS')) socket.write('220 go ahead\r\n');
        else socket.write('nonsense instead of TLS\r\n');
      });
    };
    expect(await probe()).toMatchObject({ kind: 'failure', stage: 'starttls', reason: 'protocol' });
  });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
