import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsecuredJWT } from 'jose';
import { generate } from 'selfsigned';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';

/** What a scripted server was sent. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Play = (response: ServerResponse, received: Received) => void;

/** A server that answers each request with the next scripted answer; an answer nobody asked for fails `finish`. */
export interface ScriptedServer {
  readonly url: string;
  readonly received: Received[];
  answer(...plays: readonly Play[]): void;
  /** Forgets what was received, and tells how many scripted answers were not asked for. */
  finish(): number;
  close(): Promise<void>;
}

/** Starts the server with a certificate for 127.0.0.1 that this process then trusts. */
export async function startScripted(): Promise<ScriptedServer> {
  const { private: key, cert } = await certificate();
  const plays: Play[] = [];
  const received: Received[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    void readBody(request).then((body) => {
      const got = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      received.push(got);
      const play = plays.shift() ?? ((unexpected) => unexpected.writeHead(418).end('nothing was scripted'));
      play(response, got);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (...next) => {
      plays.push(...next);
    },
    finish: () => {
      received.length = 0;
      return plays.splice(0).length;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Play {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

export function rawAnswer(status: number, body: string | Buffer, headers: Record<string, string> = {}): Play {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** The connection is cut after the request was read. */
export function cutConnection(response: ServerResponse): void {
  response.destroy();
}

/** No answer ever comes. */
export function silence(): void {
  // Leaves the caller waiting.
}

/** A token whose claims can be read; nobody checks its signature here. */
export function unsignedToken(tenantId: string, roles: readonly string[] = ['Exchange.ManageAsApp']): string {
  return `${new UnsecuredJWT({ tid: tenantId, roles: [...roles] }).encode()}signature`;
}

export async function certificate(): Promise<{ private: string; cert: string }> {
  // Two authorities of one name in one process would be taken for each other.
  const pems = await generate([{ name: 'commonName', value: `scripted ${crypto.randomUUID()}` }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 7, ip: '127.0.0.1' }],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-ca-'));
  const file = join(folder, 'ca.pem');
  await writeFile(file, pems.cert);
  await trustExtraCa(file);
  await rm(folder, { recursive: true });
  return pems;
}

export async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
