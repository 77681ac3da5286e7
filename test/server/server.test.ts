import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Bot, createServer, type Server } from '../../src/server.ts';
import { createLogger } from '../../src/telemetry/log.ts';

type Body = NonNullable<RequestInit['body']>;

const log = createLogger({ level: 'fatal', secrets: [] });
const received: unknown[] = [];
let answer: Bot['receive'] = async () => ({ status: 200, body: { ok: true } });
let ready = true;
let server: Server;
let port = 0;
const consent: Parameters<typeof createServer>[0]['consent'] = {
  start: async () => ({ status: 302, html: '', headers: { location: 'https://login.example/', 'set-cookie': 'a=b' } }),
  callback: async (query, cookies) => {
    if (query.has('fail')) throw new Error('canary inside');
    const isUnderstood = query.get('state') === 'x y' && cookies === 'a=b';
    return { status: 400, html: `<!doctype html><p>${isUnderstood ? 'understood' : 'other'}</p>` };
  },
};

beforeAll(async () => {
  const receive: Bot['receive'] = (call, body) => {
    received.push(body);
    return answer(call, body);
  };
  const bot: Bot = { admits: ({ authorization }) => authorization === 'Bearer good', receive };
  server = createServer({ bot, health: async () => ({ ready, checks: { database: ready } }), consent, log });
  port = await server.listen(0, '127.0.0.1');
});

afterEach(() => {
  received.length = 0;
  ready = true;
  answer = async () => ({ status: 200, body: { ok: true } });
});

afterAll(() => server.close());

function post(body: Body, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer good', ...headers },
    body,
  });
}

function nested(depth: number): string {
  return `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
}

describe('the body reader', () => {
  const bomb = gzipSync(Buffer.alloc(30_000_000, ' '));
  const cases: readonly [string, number, Body, Record<string, string>][] = [
    ['a JSON object', 200, '{"type":"message"}', {}],
    ['a JSON object with a charset', 200, '{}', { 'content-type': 'application/json; charset=utf-8' }],
    ['a gzip bomb', 415, bomb, { 'content-encoding': 'gzip' }],
    ['a cut-off gzip', 415, bomb.subarray(0, 100), { 'content-encoding': 'gzip' }],
    ['garbage that calls itself gzip', 415, 'garbage', { 'content-encoding': 'gzip' }],
    ['an encoding called identity', 415, '{}', { 'content-encoding': 'identity' }],
    ['a multipart form', 415, '--x', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['a query form', 415, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['ten megabytes', 413, Buffer.alloc(10_000_000, 'a'), {}],
    ['257 kB of JSON', 413, JSON.stringify({ text: 'a'.repeat(257 * 1024) }), {}],
    ['20 levels', 200, nested(20), {}],
    ['21 levels', 400, nested(21), {}],
    ['a hundred thousand levels', 400, nested(100_000), {}],
    ['no JSON', 400, '{', {}],
    ['nothing', 400, '', {}],
    ['a list', 400, '[]', {}],
    ['null', 400, 'null', {}],
    ['a reserved name', 400, '{"value":{"__proto__":{"admin":true}}}', {}],
    ['bytes that are no UTF-8', 400, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), {}],
  ];

  it.each(cases)('answers %s with %i', async (_what, status, body, headers) => {
    const response = await post(body, headers);

    expect(response.status).toBe(status);
    expect(received).toHaveLength(status === 200 ? 1 : 0);
  });

  it('stops reading a body that grows without saying its length', async () => {
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(Buffer.alloc(64 * 1024, 'a')),
    });

    const sent = fetch(`http://127.0.0.1:${port}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer good' },
      body: stream,
      duplex: 'half',
    });

    await expect(sent.then(({ status }) => status).catch(() => 'broken off')).resolves.toSatisfy(
      (outcome) => outcome === 413 || outcome === 'broken off',
    );
    expect(received).toEqual([]);
  });

  it('survives the whole corpus in a loop while a good caller is served', async () => {
    for (let round = 0; round < 5; round += 1) {
      const bad = cases.map(([, , body, headers]) => post(body, headers).then((response) => response.text()));
      const good = await post('{"good":true}');
      expect(good.status).toBe(200);
      await Promise.allSettled(bad);
    }
  });

  it('ends a caller who sends headers drop by drop', async () => {
    const socket = connect(port, '127.0.0.1');
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write('POST /api/messages HTTP/1.1\r\nhost: x\r\n');
    const started = performance.now();

    await closed;

    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('the server', () => {
  it('refuses before reading the body when the token cannot be the channel’s', async () => {
    const response = await post('{', { authorization: 'Bearer bad' });

    expect(response.status).toBe(401);
  });

  it.each([
    ['GET', '/api/messages', 405],
    ['PUT', '/api/messages', 405],
    ['DELETE', '/api/messages', 405],
    ['POST', '/livez', 405],
    ['GET', '/', 404],
    ['GET', '/api/../../etc/passwd', 404],
    ['POST', '/api/messages/x', 404],
  ])('answers %s %s with %i and says nothing else', async (method, path, status) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: { status, correlationId: expect.any(String) } });
  });

  it('takes no upgrade of the connection', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'GET /api/messages HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\r\n',
    );

    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();

    expect(first.toString()).toMatch(/^HTTP\/1.1 405 /);
  });

  it('shows no internals when a handler breaks', async () => {
    answer = async () => {
      throw new Error('/home/bot/secret.ts');
    };

    const response = await post('{}');

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  it('answers 503 beyond a hundred requests under way, and recovers', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    answer = async () => {
      await gate;
      return { status: 200 };
    };
    const many = Array.from({ length: 100 }, () => post('{}'));
    await vi.waitFor(() => expect(received).toHaveLength(100), { timeout: 10_000 });

    const refused = await post('{}');
    release();
    const statuses = (await Promise.all(many)).map(({ status }) => status);
    const later = await post('{}');

    expect([refused.status, new Set(statuses), later.status]).toEqual([503, new Set([200]), 200]);
  });

  it('is alive without being ready', async () => {
    ready = false;

    const [alive, notReady] = await Promise.all(
      ['/livez', '/readyz'].map((path) => fetch(`http://127.0.0.1:${port}${path}`)),
    );

    expect([alive?.status, notReady?.status]).toEqual([200, 503]);
    expect(await notReady?.json()).toEqual({ status: 'not ready', checks: { database: false } });
  });

  it('names the port that is taken and how to choose another', async () => {
    const other = createTcpServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;
    const bot: Bot = { admits: () => false, receive: async () => ({ status: 200 }) };
    const second = createServer({ bot, health: async () => ({ ready: true, checks: {} }), consent, log });

    await expect(second.listen(taken, '127.0.0.1')).rejects.toThrow(new RegExp(`Port ${taken} .*PORT=`));
    other.close();
  });

  it('finishes the requests under way when it closes', async () => {
    let release = (): void => undefined;
    let arrived = (): void => undefined;
    const underWay = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const slow: Bot = {
      admits: () => true,
      receive: () => {
        arrived();
        return new Promise((resolve) => {
          release = () => resolve({ status: 200 });
        });
      },
    };
    const closing = createServer({ bot: slow, health: async () => ({ ready: true, checks: {} }), consent, log });
    const at = await closing.listen(0, '127.0.0.1');
    const sent = fetch(`http://127.0.0.1:${at}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    await underWay;

    const closed = closing.close();
    release();

    expect((await sent).status).toBe(200);
    await closed;
    await expect(fetch(`http://127.0.0.1:${at}/livez`)).rejects.toThrow();
  });
});

describe('the consent page', () => {
  it('is shown to a browser, which must not keep it or pass its address on', async () => {
    const url = `http://127.0.0.1:${port}/consent/callback?state=x+y&error=access_denied`;
    const response = await fetch(url, { headers: { cookie: 'a=b' } });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('understood');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  it('is reached over a start that sends the browser on, with a cookie and without a trace', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/consent/start?state=x`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      location: 'https://login.example/',
      'set-cookie': 'a=b',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
  });

  it('takes nothing but GET, and says nothing about what went wrong inside', async () => {
    const posted = await fetch(`http://127.0.0.1:${port}/consent/callback`, { method: 'POST', body: 'state=x' });
    expect(posted.status).toBe(405);
    const failed = await fetch(`http://127.0.0.1:${port}/consent/callback?fail=1`);
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain('canary');
  });
});
