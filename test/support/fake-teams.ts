import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createAuthority, issueCertificate } from '../../src/rehearsal/certificates.ts';

export const APP_ID = '0b0b0b0b-0000-4000-8000-0000000000b0';
export const HOME = '0b0b0b0b-0000-4000-8000-000000000001';
export const ISSUER = 'https://api.botframework.com';

/** One call the bot made to the channel's service. */
export interface ConnectorCall {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: Record<string, unknown>;
}

export interface ConnectorAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** No answer, or a broken connection, after the call was read. */
  readonly instead?: 'hang' | 'reset';
  readonly after?: Promise<unknown>;
}

export interface TokenOptions {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly expiresIn?: number;
  /** Signs with a key the issuer never published. */
  readonly forged?: boolean;
}

/** An OpenID issuer and a Bot connector on one real TLS socket. */
export interface FakeTeams {
  readonly host: string;
  readonly serviceUrl: string;
  readonly metadataUrl: string;
  readonly calls: ConnectorCall[];
  /** Decides the answers of the connector; the usual one gives a new id. */
  answer: (call: ConnectorCall) => ConnectorAnswer;
  /** False makes the key addresses answer 503. */
  keysServed: boolean;
  keyFetches: number;
  token(options?: TokenOptions): Promise<string>;
  stop(): Promise<void>;
}

export async function startFakeTeams(options: { readonly keysServed?: boolean } = {}): Promise<FakeTeams> {
  const authority = await createAuthority();
  const { key, cert } = await issueCertificate(authority, ['127.0.0.1', 'localhost']);
  setDefaultCACertificates([...getCACertificates('default'), authority.cert]);
  const published = await generateKeyPair('RS256', { extractable: true });
  const secret = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(published.publicKey)), kid: 'key-1', use: 'sig', endorsements: ['msteams'] };

  const server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      if (path === '/openid' || path === '/keys') serveKeys(path, response);
      else serveConnector(request, Buffer.concat(chunks).toString(), response);
    });
  });

  function serveKeys(path: string, response: ServerResponse): void {
    fake.keyFetches += 1;
    const body = path === '/openid' ? { jwks_uri: `https://${fake.host}/keys` } : { keys: [jwk] };
    send(response, fake.keysServed ? 200 : 503, body);
  }

  function serveConnector(request: IncomingMessage, text: string, response: ServerResponse): void {
    const { method = '', url: path = '', headers: received } = request;
    const sent = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const call = { method, path, authorization: received.authorization ?? '', body: sent };
    fake.calls.push(call);
    const { status = 201, headers, body, instead, after } = fake.answer(call);
    if (instead === 'reset') request.socket.destroy();
    if (instead) return;
    const answer = body ?? { id: `message-${fake.calls.length}` };
    void Promise.resolve(after).then(() => send(response, status, answer, headers));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const fake: FakeTeams = {
    host,
    serviceUrl: `https://${host}/teams/`,
    metadataUrl: `https://${host}/openid`,
    calls: [],
    answer: () => ({}),
    keysServed: options.keysServed ?? true,
    keyFetches: 0,
    token: ({ claims = {}, header = {}, expiresIn = 3600, forged = false } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: ISSUER, aud: APP_ID, serviceurl: fake.serviceUrl, exp: now + expiresIn, iat: now, ...claims };
      const present = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return new SignJWT(present)
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header })
        .sign(forged ? secret.privateKey : published.privateKey);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
