import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dnsRoutes, resetDns } from '../../src/rehearsal/dns/dns-routes.ts';
import { listener } from '../../src/rehearsal/http.ts';
import { resetSmtp, smtpRoutes } from '../../src/rehearsal/smtp/smtp-routes.ts';
import { type SmtpServers, startSmtp } from '../../src/rehearsal/smtp/smtp-server.ts';
import type { World } from '../../src/rehearsal/world.ts';
import { smallWorld } from './small-world.ts';

describe('rehearsal/dns/dns-routes and rehearsal/smtp/smtp-routes', () => {
  let world: World;
  let smtp: SmtpServers;
  let server: Server;
  let base: string;

  beforeAll(async () => {
    const small = await smallWorld();
    ({ world } = small);
    smtp = await startSmtp(world, { port: 0, authority: small.authority });
    server = createServer(listener([...dnsRoutes(world), ...smtpRoutes(world)]));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/control`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await smtp.stop();
  });

  beforeEach(() => {
    resetDns(world);
    resetSmtp(world);
  });

  async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const options = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${base}${path}`, options);
    return { status: response.status, body: await response.json() };
  }

  it('moves an MX and shows who sees it already', async () => {
    const { status, body } = await call('PUT', '/dns', {
      domain: 'contoso.com',
      mx: [{ exchange: 'inbound30.exchangedefender.com', priority: 10 }],
      ttl: 600,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      authority: expect.arrayContaining([
        { name: 'contoso.com', type: 'MX', ttl: 600, data: '10 inbound30.exchangedefender.com' },
      ]),
      resolvers: {
        'resolver-1': {
          records: expect.arrayContaining([expect.objectContaining({ data: '10 inbound30.exchangedefender.com' })]),
        },
        'resolver-2': {
          records: expect.arrayContaining([
            expect.objectContaining({ data: '0 contoso-com.mail.protection.outlook.com' }),
          ]),
        },
      },
    });
  });

  it('takes one host name as the MX, every record type and an empty list', async () => {
    await call('PUT', '/dns', { domain: 'new.example', mx: 'MX.Gate.example', records: { TXT: ['v=spf1 -all'] } });
    expect(world.dns.authority('new.example').map(({ data }) => data)).toEqual(['0 mx.gate.example', 'v=spf1 -all']);
    await call('PUT', '/dns', { domain: 'new.example', mx: [] });
    expect(world.dns.authority('new.example', 'MX')).toEqual([]);
  });

  it('changes how resolvers and names behave', async () => {
    await call('PUT', '/dns', { resolvers: { 'resolver-2': 'silent' } });
    await call('PUT', '/dns', { domain: 'contoso.com', behaviour: 'servfail' });
    const { body } = await call('GET', '/dns');
    expect(body).toMatchObject({ resolvers: { 'resolver-2': { behaviour: 'silent' } } });
    expect(world.dns.nameBehaviour('contoso.com')).toBe('servfail');
  });

  it.each([
    [{ domain: 'contoso.com', ttl: -1 }],
    [{ domain: 'not a name', mx: [] }],
    [{ mx: 'mx.gate.example' }],
    [{ domain: 'contoso.com', mx: [{ exchange: 7 }] }],
    [{ domain: 'contoso.com', records: { SPF: ['x'] } }],
    [{ domain: 'contoso.com', records: { A: ['nonsense'] } }],
    [{ domain: 'contoso.com', mx: 'mx.gate.example', resolvers: { 'resolver-9': 'silent' } }],
    [{ domain: 'contoso.com', mx: 'mx.gate.example', behaviour: 'odd' }],
  ])('refuses %j and changes nothing', async (body) => {
    const before = world.dns.authority('contoso.com');
    expect(await call('PUT', '/dns', body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    expect(world.dns.authority('contoso.com')).toEqual(before);
  });

  it('names a mail host by role, address or host name', async () => {
    await call('PUT', '/smtp', { host: 'tenant-edge', behaviour: 'busy' });
    await call('PUT', '/smtp', { address: '127.0.0.13', behaviour: 'silent' });
    const { body } = await call('PUT', '/smtp', { host: 'mx.gate.example', serves: ['New.example'] });
    expect(body).toMatchObject({
      hosts: [
        { role: 'tenant-edge', behaviour: 'busy' },
        { role: 'gateway', behaviour: 'normal', serves: ['new.example'] },
        { role: 'own-server', behaviour: 'silent' },
      ],
    });
  });

  it.each([
    [{ host: 'nobody.example', behaviour: 'busy' }],
    [{ host: 'gateway', behaviour: 'odd' }],
    [{ host: 'gateway', behaviour: 'busy', egress: { gate: 'x' } }],
    [{ host: 'gateway', behaviour: 'busy', replies: { 'contoso.com': 'sorry' } }],
    [{ host: 'gateway', behaviour: 'busy', lagSeconds: -1 }],
  ])('refuses %j and changes no host', async (body) => {
    expect(await call('PUT', '/smtp', body)).toMatchObject({ status: 400 });
    expect(world.smtp.behaviour('127.0.0.12')).toBe('normal');
  });

  it('sends a message and answers with what the host said', async () => {
    const message = { from: 'someone@outside.example', to: 'info@contoso.com', via: 'direct' };
    expect(await call('POST', '/mail', message)).toMatchObject({ status: 200, body: { accepted: true } });
    await call('PUT', '/smtp', { replies: { 'contoso.com': '451 4.3.2 Temporary server error' } });
    const { body } = await call('POST', '/mail', message);
    expect(body).toMatchObject({ accepted: false, reply: expect.stringMatching(/^451 4\.3\.2 /u) });
    await call('PUT', '/smtp', { replies: { 'contoso.com': 'wrong-region' } });
    const named = await call('POST', '/mail', message);
    expect(named.body).toMatchObject({ accepted: false, reply: expect.stringMatching(/^451 4\.4\.62 /u) });
    expect(await call('POST', '/mail', { ...message, via: 'pigeon' })).toMatchObject({ status: 400 });
  });
});
