import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTenantCredentials, type TenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { loadWorkerProof, type WorkerProof, WorkerProofError } from '../../src/adapters/identity/worker-proof.ts';
import { UnavailableError } from '../../src/core/errors.ts';
import { CONTOSO, FABRIKAM } from '../support/scripted-exchange.ts';
import { jsonAnswer, type Play, type ScriptedServer, startScripted, unsignedToken } from '../support/scripted-https.ts';
import { silentLog } from '../support/silent-log.ts';

const APP = '0b0b0b0b-0000-4000-8000-0000000000e0';
const IDENTITY = '0b0b0b0b-0000-4000-8000-0000000000f0';
const SCOPE = 'https://outlook.office365.com/.default';

let folder: string;
let entra: ScriptedServer;
let pems: { readonly private: string; readonly cert: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-proof-'));
  entra = await startScripted();
  pems = await generate([{ name: 'commonName', value: 'worker' }], { keySize: 2048 });
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await entra.close();
});

afterEach(() => {
  vi.unstubAllEnvs();
  expect(entra.finish(), 'scripted answers that were not asked for').toBe(0);
});

async function fileWith(content: string): Promise<string> {
  const file = join(folder, `${crypto.randomUUID()}.pem`);
  await writeFile(file, content);
  return file;
}

function load(file: string, now = new Date()): Promise<WorkerProof> {
  return loadWorkerProof({ kind: 'certificate', file }, '', now);
}

function credentialsWith(proof: WorkerProof): TenantCredentials {
  return createTenantCredentials({ authority: entra.url, appId: APP, proof, log: silentLog(), timeout: 10_000 });
}

function metadata(tenantId: string): Play {
  const base = `${entra.url}/${tenantId}`;
  return jsonAnswer(200, {
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/authorize`,
    jwks_uri: `${base}/keys`,
  });
}

function token(tenantId: string): Play {
  const access_token = unsignedToken(tenantId);
  return jsonAnswer(200, { token_type: 'Bearer', expires_in: 3599, access_token });
}

function lastForm(): URLSearchParams {
  return new URLSearchParams(entra.received.findLast(({ method }) => method === 'POST')?.body);
}

describe('adapters/identity/worker-proof', () => {
  it('takes a secret and a managed identity as they are', async () => {
    const now = new Date();
    expect(await loadWorkerProof({ kind: 'secret' }, 's3cret', now)).toEqual({ kind: 'secret', secret: 's3cret' });
    const identity = { kind: 'managed-identity', clientId: IDENTITY, audience: 'api://AzureADTokenExchange' } as const;
    expect(await loadWorkerProof(identity, '', now)).toEqual(identity);
  });

  it('proves itself to each tenant by an assertion that the certificate signed', async () => {
    const credentials = credentialsWith(await load(await fileWith(`${pems.cert}\n${pems.private}`)));
    entra.answer(metadata(CONTOSO), token(CONTOSO));
    expect(await credentials.token(CONTOSO, SCOPE)).toBe(unsignedToken(CONTOSO));
    const assertion = lastForm().get('client_assertion') ?? '';
    expect(decodeJwt(assertion)).toMatchObject({
      iss: APP,
      sub: APP,
      aud: `${entra.url}/${CONTOSO}/oauth2/v2.0/token`,
    });
    expect(decodeProtectedHeader(assertion).alg).toMatch(/^(?:PS|RS)256$/u);
    expect(lastForm().has('client_secret')).toBe(false);
  });

  it('refuses a file that cannot be used, and says what is wrong with it', async () => {
    const other = await generate([{ name: 'commonName', value: 'other' }], { keySize: 2048 });
    const afterAllTime = new Date('2999-01-01T00:00:00Z');
    await expect(load(join(folder, 'missing.pem'))).rejects.toBeInstanceOf(WorkerProofError);
    await expect(load(await fileWith('nothing'))).rejects.toThrow('contains no certificate');
    await expect(load(await fileWith(pems.cert))).rejects.toThrow('contains no private key');
    await expect(load(await fileWith(`${pems.cert}\n${other.private}`))).rejects.toThrow('key of another certificate');
    await expect(load(await fileWith(`${pems.cert}\n${pems.private}`), afterAllTime)).rejects.toThrow('expired on');
  });
});

describe('adapters/identity: federated managed identity', () => {
  let machine: Server;
  let hasIdentity = true;
  const asked: string[] = [];

  beforeAll(async () => {
    machine = createServer((request, response) => {
      if (!hasIdentity) return void response.writeHead(400).end('{"error":"no such identity"}');
      asked.push(request.url ?? '');
      const expires_on = String(Math.floor(Date.now() / 1000) + 86_400);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ access_token: 'proof-of-the-machine', expires_on, token_type: 'Bearer', resource: 'x' }),
      );
    });
    await new Promise<void>((resolve) => machine.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => new Promise((resolve) => machine.close(resolve)));

  beforeEach(() => {
    vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(machine.address() as AddressInfo).port}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', 'header-of-the-machine');
  });

  it('proves itself to every tenant with the machine’s own token, which is asked for once', async () => {
    const credentials = credentialsWith({
      kind: 'managed-identity',
      clientId: IDENTITY,
      audience: 'api://AzureADTokenExchange',
    });
    for (const tenantId of [CONTOSO, FABRIKAM]) {
      entra.answer(metadata(tenantId), token(tenantId));
      expect(await credentials.token(tenantId, SCOPE)).toBe(unsignedToken(tenantId));
      expect(lastForm().get('client_assertion')).toBe('proof-of-the-machine');
      expect(lastForm().get('client_id')).toBe(APP);
    }
    expect(asked).toHaveLength(1);
    const query = new URL(asked[0] ?? '', 'http://machine').searchParams;
    expect(query.get('client_id')).toBe(IDENTITY);
    expect(query.get('resource')).toBe('api://AzureADTokenExchange');
  });

  it('says that the machine gives no proof, not that Microsoft refuses', async () => {
    hasIdentity = false;
    const identity = { kind: 'managed-identity', clientId: IDENTITY, audience: 'api://AzureADTokenExchange' } as const;
    const refused = credentialsWith(identity).token(CONTOSO, SCOPE);
    await expect(refused).rejects.toBeInstanceOf(UnavailableError);
    await expect(refused).rejects.toThrow('The managed identity of this machine gives no proof.');
  });
});
