import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { decodeJwt } from 'jose';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTenantCredentials, type TenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { loadWorkerProof, type WorkerProof } from '../../src/adapters/identity/worker-proof.ts';
import { TenantAccessError } from '../../src/core/errors.ts';
import { type RunningRehearsal, runningRehearsal } from '../rehearsal/running-rehearsal.ts';
import { CONTOSO, FABRIKAM } from '../support/scripted-exchange.ts';
import { silentLog } from '../support/silent-log.ts';

const SCOPE = 'https://outlook.office365.com/.default';
const IDENTITY = '0b0b0b0b-0000-4000-8000-0000000000f0';
const AUDIENCE = 'api://AzureADTokenExchange';
const usualAuthorities = tls.getCACertificates('default');
let rehearsal: RunningRehearsal;
let folder: string;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
  folder = await mkdtemp(join(tmpdir(), 'switchyard-proof-'));
  const authority = await readFile(String(rehearsal.environment['EXTRA_CA_FILE']), 'utf8');
  tls.setDefaultCACertificates([...usualAuthorities, authority]);
});

afterAll(async () => {
  tls.setDefaultCACertificates(usualAuthorities);
  await rehearsal.stop();
  await rm(folder, { recursive: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function credentialsWith(proof: WorkerProof): TenantCredentials {
  const appId = String(rehearsal.environment['WORKER_APP_ID']);
  return createTenantCredentials({ authority: rehearsal.cloud, appId, proof, log: silentLog(), timeout: 10_000 });
}

/** A proof as the program loads it from a PEM file, and the certificate to register. */
async function newCertificate(): Promise<{ proof: WorkerProof; cert: string }> {
  const made = await generate([{ name: 'commonName', value: 'worker' }], { keySize: 2048 });
  const file = join(folder, `${crypto.randomUUID()}.pem`);
  await writeFile(file, `${made.cert}\n${made.private}`);
  return { proof: await loadWorkerProof({ kind: 'certificate', file }, '', new Date()), cert: made.cert };
}

describe('adapters/identity against the simulated Entra', () => {
  it('gets tokens of each tenant by the certificate that is registered', async () => {
    const { proof, cert } = await newCertificate();
    await rehearsal.control('PUT', '/control/home', { worker: { certificates: [cert] } });
    const credentials = credentialsWith(proof);
    for (const tenantId of [CONTOSO, FABRIKAM]) {
      const { tid, roles } = decodeJwt(await credentials.token(tenantId, SCOPE));
      expect([tid, roles]).toEqual([tenantId, ['Exchange.ManageAsApp']]);
    }
  });

  it('says that the operator has to act where the certificate is not registered', async () => {
    const { proof } = await newCertificate();
    const refused = credentialsWith(proof).token(CONTOSO, SCOPE);
    await expect(refused).rejects.toBeInstanceOf(TenantAccessError);
    await expect(refused).rejects.toMatchObject({
      reason: 'credential',
      message: expect.stringMatching(/certificate.*AADSTS700027/u),
    });
  });

  it('gets tokens of each tenant by the managed identity that the registration trusts', async () => {
    vi.stubEnv('IDENTITY_ENDPOINT', `${rehearsal.url}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', 'header-of-the-machine');
    const credentials = credentialsWith({ kind: 'managed-identity', clientId: IDENTITY, audience: AUDIENCE });
    for (const tenantId of [CONTOSO, FABRIKAM]) {
      expect(decodeJwt(await credentials.token(tenantId, SCOPE))['tid']).toBe(tenantId);
    }
  });

  it.each([
    ['another audience', { tenant: null, subject: '0b0b0b0b-0000-4000-8000-0000000000f1', audience: 'api://other' }],
    ['another identity', { tenant: null, subject: 'somebody', audience: AUDIENCE }],
  ])('says what does not fit where the registration trusts %s', async (_case, federated) => {
    vi.stubEnv('IDENTITY_ENDPOINT', `${rehearsal.url}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', 'header-of-the-machine');
    await rehearsal.control('PUT', '/control/home', { worker: { federated: [federated] } });
    const refused = credentialsWith({ kind: 'managed-identity', clientId: IDENTITY, audience: AUDIENCE }).token(
      CONTOSO,
      SCOPE,
    );
    await expect(refused).rejects.toMatchObject({
      reason: 'credential',
      message: expect.stringMatching(/federated credential.*AADSTS70021[23]/u),
    });
  });
});
