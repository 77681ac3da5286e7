import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Server as HttpServer, IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { dirname, join } from 'node:path';
import { type Certificate, issueCertificate } from '../../src/rehearsal/certificates.ts';
import type { IdentityKeys } from '../../src/rehearsal/entra/rehearsal-identity.ts';

/** What a rehearsal keeps beside its authority file: with it the bench signs tokens and certificates the bot accepts. */
export interface RehearsalSecrets {
  readonly authority: Certificate;
  readonly keys: IdentityKeys;
}

export async function readRehearsalSecrets(caFile: string): Promise<RehearsalSecrets> {
  return JSON.parse(await readFile(join(dirname(caFile), 'secrets.json'), 'utf8')) as RehearsalSecrets;
}

export interface Listening {
  readonly port: number;
  stop(): void;
}

/** Listens with a certificate that the bot trusts. */
export async function listenHttps(authority: Certificate, answer: RequestListener): Promise<Listening> {
  const { key, cert } = await issueCertificate(authority, ['127.0.0.1', 'localhost']);
  return listening(createServer({ key, cert }, answer));
}

export async function listening(server: HttpServer | ReturnType<typeof createServer>): Promise<Listening> {
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port: address.port, stop };
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
