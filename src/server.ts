import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server as NodeServer, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import restify from 'restify';
import { webHandler } from './adapters/http/web-handler.ts';
import type { WebRoute } from './ports/web-page.ts';
import { BodyError, checkBodyHeaders, readJsonBody } from './teams/body-reader.ts';
import type { Call, HttpAnswer } from './teams/host.ts';
import type { Logger } from './telemetry/log.ts';

const MOST_IN_FLIGHT = 100;
/** Each waits for Microsoft for some seconds. */
const MOST_CONSENTS = 20;
const CLOSE_WITHIN_MS = 10_000;
/** Above what proxies usually keep, so that a connection never ends under a request. */
const KEEP_ALIVE_MS = 125_000;
/** An unread rest of a refused body is taken in for this long, so that the caller gets to read the answer. */
const DRAIN_MS = 1000;
const CORRELATION_ID = 'x-correlation-id';

/** Who handles what comes in. */
export interface Bot {
  admits(call: Call): boolean;
  receive(call: Call, body: Readonly<Record<string, unknown>>): Promise<HttpAnswer>;
}

/** A page for a browser. */
export interface WebPage {
  readonly status: number;
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether the process can do its work, and which part of it cannot. */
export interface Health {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, boolean>>;
}

export interface ServerOptions {
  readonly bot: Bot;
  readonly health: () => Promise<Health>;
  /** Where a consenting administrator's browser starts, and what it sees when it comes back with its cookies. */
  readonly consent: {
    start(query: URLSearchParams): Promise<WebPage>;
    callback(query: URLSearchParams, cookies: string): Promise<WebPage>;
  };
  /** Further addresses for browsers. */
  readonly pages?: readonly WebRoute[];
  readonly log: Logger;
}

export interface Server {
  /** Returns the port that was taken. Errors: PortTakenError. */
  listen(port: number, host: string): Promise<number>;
  /** Finishes the requests under way and takes no new ones. */
  close(): Promise<void>;
}

export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(port: number, cause: unknown) {
    super(`Port ${port} is taken by another program. Stop it, or choose another port with PORT=${port + 10}.`, {
      cause,
    });
  }
}

/** The bot's HTTP server: one address for the channel, one for consenting administrators, three for watchers. */
export function createServer(options: ServerOptions): Server {
  const server = restify.createServer({ name: 'switchyard' });
  const node: NodeServer = server.server;
  Object.assign(node, {
    headersTimeout: 5000,
    requestTimeout: 15_000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 1000,
  });
  // With a listener for upgrades, which restify adds, such a connection would stay open for ever.
  node.removeAllListeners('upgrade');
  server.pre((_request: unknown, response: ServerResponse, next: () => void) => {
    response.setHeader(CORRELATION_ID, randomUUID());
    next();
  });
  server.on('restifyError', (_request: unknown, response: ServerResponse, error: { statusCode?: number }) => {
    answer(response, { status: error.statusCode ?? 500 });
  });
  // Whoever listens is told about a port that is taken; this is for what happens later.
  server.on('error', (err: unknown) => {
    if (node.listening) options.log.error({ err }, 'http server failed');
  });
  server.post('/api/messages', messagesHandler(options));
  server.get(
    '/consent/start',
    consentHandler(options, (query) => options.consent.start(query)),
  );
  server.get(
    '/consent/callback',
    consentHandler(options, (query, cookies) => options.consent.callback(query, cookies)),
  );
  for (const route of options.pages ?? []) {
    const handle = webHandler(route, (err) => options.log.error({ err, path: route.path }, 'page failed'));
    if (route.method === 'GET') server.get(route.path, handle);
    else server.post(route.path, handle);
  }
  server.get('/livez', async (_request, response) => answer(response, { status: 200, body: { status: 'alive' } }));
  server.get('/readyz', healthHandler(options));
  server.get('/healthz', healthHandler(options));
  return {
    listen: async (port, host) => {
      node.listen(port, host);
      await once(node, 'listening').catch((error: unknown) => {
        throw listenError(port, error);
      });
      return (node.address() as AddressInfo).port;
    },
    close: () => close(node),
  };
}

function messagesHandler({ bot, log }: ServerOptions) {
  let inFlight = 0;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (inFlight >= MOST_IN_FLIGHT) return answer(response, { status: 503 }, { 'retry-after': '1' });
    inFlight += 1;
    try {
      answer(response, await handle(bot, request, correlationOf(response)));
    } catch (err) {
      if (!(err instanceof BodyError)) log.error({ err, correlationId: correlationOf(response) }, 'request failed');
      answer(response, { status: err instanceof BodyError ? err.status : 500 });
    } finally {
      inFlight -= 1;
    }
  };
}

async function handle(bot: Bot, request: IncomingMessage, correlationId: string): Promise<HttpAnswer> {
  checkBodyHeaders(request);
  const peer = request.socket.remoteAddress ?? '';
  const call = { authorization: request.headers.authorization, peer, correlationId };
  return bot.admits(call) ? bot.receive(call, await readJsonBody(request)) : { status: 401 };
}

function consentHandler({ log }: ServerOptions, page: (query: URLSearchParams, cookies: string) => Promise<WebPage>) {
  let inFlight = 0;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (inFlight >= MOST_CONSENTS) return answer(response, { status: 503 }, { 'retry-after': '5' });
    inFlight += 1;
    try {
      const query = new URL(request.url ?? '', 'http://bot').searchParams;
      show(response, await page(query, request.headers.cookie ?? ''));
    } catch (err) {
      log.error({ err, correlationId: correlationOf(response) }, 'consent page failed');
      answer(response, { status: 500 });
    } finally {
      inFlight -= 1;
    }
  };
}

/** The address carries a state, so nobody may keep it or be told of it. */
function show(response: ServerResponse, { status, html, headers }: WebPage): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(html);
}

function healthHandler({ health, log }: ServerOptions) {
  return async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { ready, checks } = await health();
      answer(response, { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not ready', checks } });
    } catch (err) {
      log.error({ err }, 'health check failed');
      answer(response, { status: 503, body: { status: 'not ready' } });
    }
  };
}

/** Errors say nothing but their number; who asks an operator names the correlation id. */
function answer(response: ServerResponse, { status, body }: HttpAnswer, headers: Record<string, string> = {}): void {
  if (response.headersSent) return;
  const bare = status >= 400 && body === undefined;
  const content = bare ? { error: { status, correlationId: correlationOf(response) } } : body;
  const text = content === undefined ? '' : JSON.stringify(content);
  const type = text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' };
  const unread = !response.req.complete;
  response.writeHead(status, {
    ...type,
    ...headers,
    ...(unread ? { connection: 'close' } : {}),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
  if (unread) drain(response.req);
}

function correlationOf(response: ServerResponse): string {
  return String(response.getHeader(CORRELATION_ID));
}

function drain(request: IncomingMessage): void {
  request.resume();
  setTimeout(() => request.destroy(), DRAIN_MS).unref();
}

function listenError(port: number, error: unknown): unknown {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return taken ? new PortTakenError(port, error) : error;
}

async function close(server: NodeServer): Promise<void> {
  const hard = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  // Closing ends the connections that are idle now, not those that become idle while it waits.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearTimeout(hard);
  clearInterval(sweep);
}
