import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode } from 'dns-packet';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createResolvers } from '../../src/adapters/dns/resolvers.ts';
import type { DnsResolver } from '../../src/ports/dns-resolver.ts';
import { type DnsServers, startDns } from '../../src/rehearsal/dns/dns-server.ts';
import type { World } from '../../src/rehearsal/world.ts';
import { smallWorld } from '../rehearsal/small-world.ts';

describe('adapters/dns/resolvers', () => {
  let world: World;
  let servers: DnsServers;
  let resolvers: DnsResolver;

  beforeAll(async () => {
    ({ world } = await smallWorld());
    const names = ['resolver-1', 'resolver-2'];
    servers = await startDns(
      world,
      names.map((name) => ({ name, port: 0 })),
    );
    resolvers = createResolvers({ servers: servers.listeners.map(({ port }) => `127.0.0.1:${port}`) });
  });

  afterAll(() => servers.stop());

  beforeEach(() => {
    world.dns.reset();
    world.journal.clear();
    world.faults.clear();
  });

  it('reports what each resolver sees, with the TTL that is left', async () => {
    world.dns.set('contoso.com', 'MX', [
      { data: '20 mx2.gate.example', ttl: 600 },
      { data: '10 MX.Gate.example.', ttl: 600 },
    ]);
    const views = await resolvers.mx('Contoso.com.');
    expect(views).toMatchObject([
      {
        resolver: `127.0.0.1:${servers.listeners[0]?.port}`,
        status: 'answer',
        records: [
          { exchange: 'mx.gate.example', preference: 10 },
          { exchange: 'mx2.gate.example', preference: 20 },
        ],
        ttlSeconds: 600,
      },
      { status: 'answer', records: [{ exchange: 'contoso-com.mail.protection.outlook.com', preference: 0 }] },
    ]);
    expect(views[1]?.ttlSeconds).toBeGreaterThan(3590);
  });

  it('reads texts whole, however they were cut, and follows aliases to them', async () => {
    const long = `v=STSv1; id=${'a'.repeat(300)}`;
    world.dns.set('_mta-sts.fabrikam.com', 'TXT', [{ data: long, ttl: 600 }]);
    world.dns.set('_mta-sts.adatum.com', 'CNAME', [{ data: '_mta-sts.fabrikam.com.', ttl: 600 }]);
    for (const name of ['_mta-sts.fabrikam.com', '_MTA-STS.adatum.com.']) {
      expect(await resolvers.texts(name)).toMatchObject([
        { status: 'answer', texts: [long] },
        { status: 'answer', texts: [long] },
      ]);
    }
    const [missing, ...others] = await resolvers.texts('_mta-sts.nobody.example');
    expect([missing?.status, missing?.texts, others.length]).toEqual(['nxdomain', [], 1]);
  });

  it('tells NODATA, NXDOMAIN, SERVFAIL and REFUSED apart', async () => {
    world.dns.setNameBehaviour('fabrikam.com', 'servfail');
    world.dns.setNameBehaviour('adatum.com', 'refuse');
    const names = ['mx.gate.example', 'nobody.example', 'fabrikam.com', 'adatum.com'];
    const views = await Promise.all(names.map((name) => resolvers.mx(name)));
    expect(views.map(([view]) => view?.status)).toEqual(['nodata', 'nxdomain', 'servfail', 'refused']);
    expect(views.flat().every(({ records, ttlSeconds }) => records.length === 0 && ttlSeconds === 0)).toBe(true);
  });

  it('shows the null MX as an empty exchange', async () => {
    world.dns.set('nomail.example', 'MX', [{ data: '0 .' }]);
    const [view] = await resolvers.mx('nomail.example');
    expect(view?.records).toEqual([{ exchange: '', preference: 0 }]);
  });

  it('follows aliases to addresses', async () => {
    world.dns.set('mail.alias.example', 'CNAME', [{ data: 'inbound30.exchangedefender.com' }]);
    const [view] = await resolvers.addresses('mail.alias.example');
    expect(view).toMatchObject({ status: 'answer', addresses: ['127.0.0.12'] });
  });

  it('asks again over TCP when the answer does not fit a datagram', async () => {
    const long = Array.from({ length: 40 }, (_, index) => ({
      data: `${index} very-long-host-name-number-${index}.of-a-big-company.gate.example`,
    }));
    world.dns.set('big.example', 'MX', long);
    const [view] = await resolvers.mx('big.example');
    expect(view?.records).toHaveLength(40);
    expect(world.journal.list({ where: 'dns' }).map((entry) => entry['transport'])).toContain('tcp');
  });

  it('does not wait for a silent resolver longer than the deadline and still hears the other', async () => {
    world.dns.setResolverBehaviour('resolver-2', 'silent');
    const started = performance.now();
    const views = await resolvers.mx('contoso.com');
    expect(views.map(({ status }) => status)).toEqual(['answer', 'timeout']);
    expect(performance.now() - started).toBeLessThan(3500);
  });

  it('hears a slow resolver and asks once more when a datagram is lost', async () => {
    world.dns.setResolverBehaviour('resolver-2', 'slow');
    world.faults.arm({ where: 'dns', kind: 'hang-after', match: { resolver: 'resolver-1' } });
    const views = await resolvers.mx('contoso.com');
    expect(views.map(({ status }) => status)).toEqual(['answer', 'answer']);
  });

  it('reports an abort as a time-out', async () => {
    world.dns.setResolverBehaviour('resolver-1', 'silent');
    const [view] = await resolvers.mx('contoso.com', AbortSignal.timeout(50));
    expect(view?.status).toBe('timeout');
  });

  it('knows that an impossible name does not exist without asking', async () => {
    const names = ['', 'a..b', 'has space.example', `${'x'.repeat(64)}.example`, 'münchen.example'];
    const views = await Promise.all(names.map((name) => resolvers.mx(name)));
    expect(views.flat().map(({ status }) => status)).toEqual(Array(10).fill('nxdomain'));
    expect(world.journal.list({ where: 'dns' })).toEqual([]);
  });

  it('refuses a resolver address that is none', () => {
    for (const text of ['', 'dns.example', '1.2.3', '1.2.3.4:0', '1.2.3.4:99999']) {
      expect(() => createResolvers({ servers: [text] })).toThrow('Cannot ask the resolver');
    }
  });

  it('asks 200 domains at once without losing one', async () => {
    const views = await Promise.all(Array.from({ length: 200 }, () => resolvers.mx('contoso.com')));
    expect(views.flat().filter(({ status }) => status !== 'answer')).toEqual([]);
  });
});

describe('adapters/dns/resolvers with a hostile server', () => {
  let server: Socket;
  let resolver: DnsResolver;
  let onQuestion: (query: { id: number; name: string }, reply: (message: Buffer) => void) => void;

  beforeEach(async () => {
    server = createSocket('udp4');
    server.on('message', (message: Buffer, peer: RemoteInfo) => {
      const { id = 0, questions = [] } = decode(message);
      const send = (octets: Buffer): void => server.send(octets, peer.port, peer.address);
      onQuestion({ id, name: questions[0]?.name ?? '' }, send);
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    resolver = createResolvers({ servers: [`127.0.0.1:${server.address().port}`], deadlineMs: 700 });
  });

  afterEach(() => {
    server.close();
  });

  function answer(id: number, asked: string, answers: Answer[], flags = 0): Buffer {
    return encode({ id, type: 'response', flags, questions: [{ name: asked, type: 'MX' }], answers });
  }

  function mx(name: string, exchange: string, ttl = 60): Answer {
    return { name, type: 'MX', ttl, data: { preference: 5, exchange } };
  }

  it('ignores answers with a wrong id, a wrong question or broken octets and takes the right one', async () => {
    onQuestion = ({ id, name }, reply) => {
      reply(answer((id + 1) % 65_536, name, [mx(name, 'wrong-id.example')]));
      reply(answer(id, 'other.example', [mx('other.example', 'wrong-question.example')]));
      reply(Buffer.from([id >> 8, id & 255, 0x80]));
      reply(answer(id, name, [mx(name, 'right.example')]));
    };
    const [view] = await resolver.mx('contoso.com');
    expect(view?.records).toEqual([{ exchange: 'right.example', preference: 5 }]);
  });

  it('takes only records of the name that was asked', async () => {
    onQuestion = ({ id, name }, reply) => reply(answer(id, name, [mx('evil.example', 'evil.example')]));
    const [view] = await resolver.mx('contoso.com');
    expect(view).toMatchObject({ status: 'nodata', records: [] });
  });

  it('gives up on aliases that turn in a circle or never end', async () => {
    let count = 0;
    onQuestion = ({ id, name }, reply) => {
      count += 1;
      const target = name.startsWith('loop') ? name : `n${count}.example`;
      reply(answer(id, name, [{ name, type: 'CNAME', ttl: 60, data: target }]));
    };
    const views = [await resolver.mx('loop.example'), await resolver.mx('chain.example')];
    expect(views.flat().map(({ status }) => status)).toEqual(['servfail', 'servfail']);
    expect(count).toBeLessThan(12);
  });

  it('does not trust a list of more than 64 mail hosts', async () => {
    onQuestion = ({ id, name }, reply) => {
      reply(
        answer(
          id,
          name,
          Array.from({ length: 65 }, (_, index) => mx(name, `m${index}.example`)),
        ),
      );
    };
    const [view] = await resolver.mx('contoso.com');
    expect(view?.status).toBe('servfail');
  });

  it('makes host names printable and long lives short', async () => {
    onQuestion = ({ id, name }, reply) => reply(answer(id, name, [mx(name, 'a\u202eb<c>.example', 0x80_00_00_00)]));
    const [view] = await resolver.mx('contoso.com');
    expect(view).toMatchObject({ records: [{ exchange: 'a?b?c?.example' }], ttlSeconds: 0 });
  });

  it('reports a port where nobody listens as a time-out, at once', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address();
    other.close();
    const [view] = await createResolvers({ servers: [`127.0.0.1:${port}`] }).mx('contoso.com');
    expect(view?.status).toBe('timeout');
  });
});
