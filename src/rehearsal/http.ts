import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** One request as a route handler sees it. The body is read whole before the handler runs. */
export interface RehearsalRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly raw: IncomingMessage;
}

/** What a handler answers. An object body is sent as JSON; `hang` leaves the caller waiting. */
export interface RehearsalResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
  readonly hang?: boolean;
}

/** A handler that returns null has taken the response over (streams, files). */
export type Handler = (
  request: RehearsalRequest,
  response: ServerResponse,
) => Promise<RehearsalResponse | null> | RehearsalResponse | null;

/** `path` segments starting with `:` bind a parameter; a last segment `*` binds the rest as `rest`. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handle: Handler;
}

export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** The request body as JSON, `{}` when empty; a body that is no JSON object is the caller's mistake. */
export function jsonBody(request: RehearsalRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // falls through to the one message
  }
  throw new BadRequest('The body must be a JSON object.');
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): RehearsalResponse {
  return { status, body, headers };
}

/** A request listener for `node:http` and `node:https` servers over a list of routes. */
export function listener(routes: readonly Route[]): RequestListener {
  const table = routes.map((route) => ({ ...route, parts: split(route.path) }));
  return (request, response) => {
    void answer(table, request, response);
  };
}

type Table = readonly (Route & { parts: string[] })[];

async function answer(table: Table, raw: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(raw.url ?? '/', 'http://rehearsal');
    const parts = split(url.pathname);
    const found = table
      .filter((route) => route.method === raw.method)
      .map((route) => ({ route, params: match(route.parts, parts) }))
      .find(({ params }) => params !== null);
    if (!found?.params) {
      send(response, json(404, { error: `No such address: ${raw.method} ${url.pathname}` }));
      return;
    }
    const body = await read(raw);
    const request = {
      method: raw.method ?? 'GET',
      path: url.pathname,
      params: found.params,
      query: url.searchParams,
      headers: raw.headers,
      body,
      raw,
    };
    const result = await found.route.handle(request, response);
    if (result) send(response, result);
  } catch (error) {
    const status = error instanceof BadRequest ? 400 : 500;
    send(response, json(status, { error: error instanceof Error ? error.message : String(error) }));
  }
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    if (wanted === '*') {
      params['rest'] = parts.slice(index).map(decode).join('/');
      return params;
    }
    const part = parts[index];
    if (part === undefined) return null;
    if (wanted.startsWith(':')) params[wanted.slice(1)] = decode(part);
    else if (wanted.toLowerCase() !== part.toLowerCase()) return null;
  }
  return parts.length === pattern.length ? params : null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadRequest(`Not a valid path segment: ${part}`);
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: RehearsalResponse): void {
  if (answer.hang || response.headersSent) return;
  const { body } = answer;
  const plain = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const type = plain ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(answer.status, { ...type, ...answer.headers });
  response.end(plain ? body : JSON.stringify(body));
}
