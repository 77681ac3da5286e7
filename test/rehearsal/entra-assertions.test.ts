import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { generate } from 'selfsigned';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wire } from './fidelity/wire.ts';
import type { Answer } from './running-rehearsal.ts';
import { EXCHANGE_SCOPE } from './running-rehearsal.ts';

const cloud = wire();
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const HOME = '0b0b0b0b-0000-4000-8000-000000000001';
const IDENTITY = '0b0b0b0b-0000-4000-8000-0000000000f0';

interface Pems {
  readonly private: string;
  readonly cert: string;
}
let registered: Pems;
let unknown: Pems;
let worker: string;

beforeAll(async () => {
  const named = (value: string): Promise<Pems> => generate([{ name: 'commonName', value }], { keySize: 2048 });
  [registered, unknown] = await Promise.all([named('worker'), named('other')]);
});

beforeEach(async () => {
  worker = String(cloud.rehearsal.environment['WORKER_APP_ID']);
  await register({ certificates: [registered.cert] });
});

function register(change: object): Promise<Answer> {
  return cloud.rehearsal.control('PUT', '/control/home', { worker: change });
}

function ask(form: Record<string, string>): Promise<Answer> {
  const whole = { grant_type: 'client_credentials', client_id: worker, scope: EXCHANGE_SCOPE, ...form };
  const body = new URLSearchParams(whole).toString();
  return cloud.rehearsal.send('POST', `/${cloud.id('contoso')}/oauth2/v2.0/token`, { body });
}

function askWith(assertion: string): Promise<Answer> {
  return ask({ client_assertion_type: JWT_BEARER, client_assertion: assertion });
}

interface Made {
  readonly claims?: Readonly<Record<string, string>>;
  /** Whose thumbprint is named, and whose key signs. */
  readonly named?: Pems;
  readonly signer?: Pems;
  /** Seconds from now. */
  readonly expires?: number;
}

/** An assertion as the library makes it, but for what the case changes. */
function assertion({ claims = {}, named = registered, signer = named, expires = 600 }: Made = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const thumbprint = createHash('sha256').update(new X509Certificate(named.cert).raw).digest('base64url');
  const aud = `${cloud.rehearsal.cloud}/${cloud.id('contoso')}/oauth2/v2.0/token`;
  return new SignJWT({ iss: worker, sub: worker, aud, jti: crypto.randomUUID(), ...claims })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setNotBefore(now - 700)
    .setExpirationTime(now + expires)
    .sign(createPrivateKey(signer.private));
}

async function machineToken(resource: string): Promise<string> {
  const query = new URLSearchParams({ 'api-version': '2019-08-01', resource, client_id: IDENTITY });
  const address = `${cloud.rehearsal.url}/msi/token?${query.toString()}`;
  const response = await fetch(address, { headers: { 'x-identity-header': 'machine' } });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

describe('rehearsal/entra: certificates', () => {
  it('gives a token for an assertion of a registered certificate, and not once it is taken off', async () => {
    const good = await askWith(await assertion());
    await register({ certificates: [] });
    const gone = await askWith(await assertion());
    expect([good.status, typeof good.body.access_token]).toEqual([200, 'string']);
    expect([gone.status, gone.body.error, gone.body.error_codes]).toEqual([401, 'invalid_client', [700_027]]);
  });

  it.each<[string, number, () => Made]>([
    ['of a certificate that is not registered', 700_027, () => ({ named: unknown })],
    ['that another key signed', 700_027, () => ({ signer: unknown })],
    ['that has expired', 700_024, () => ({ expires: -600 })],
    ['for another tenant', 700_023, () => ({ claims: { aud: `${cloud.rehearsal.cloud}/other/oauth2/v2.0/token` } })],
    ['for another service', 700_023, () => ({ claims: { aud: 'https://graph.microsoft.com' } })],
    ['of another application', 700_021, () => ({ claims: { iss: IDENTITY, sub: IDENTITY } })],
    ['whose subject is another application', 700_021, () => ({ claims: { sub: IDENTITY } })],
  ])('refuses an assertion %s with AADSTS%i', async (_case, number, made) => {
    const { status, body } = await askWith(await assertion(made()));
    expect([status, body.error, body.error_codes]).toEqual([401, 'invalid_client', [number]]);
    expect(body.error_description).toContain(`AADSTS${number}: `);
    expect(body).not.toHaveProperty('access_token');
  });

  it('refuses what is no proof at all', async () => {
    const nothing = await ask({});
    const noType = await ask({ client_assertion: await assertion() });
    const noJwt = await askWith('not.a.token');
    expect([nothing, noType, noJwt].map(({ status, body }) => [status, body.error_codes[0]])).toEqual([
      [401, 7_000_218],
      [400, 900_144],
      [400, 50_027],
    ]);
  });

  it('registers nothing that is no certificate', async () => {
    expect((await register({ certificates: ['nonsense'] })).status).toBe(400);
  });
});

describe('rehearsal/entra: federated credentials', () => {
  const AUDIENCE = 'api://AzureADTokenExchange';

  it('takes a token of the machine’s identity for a proof', async () => {
    expect((await askWith(await machineToken(AUDIENCE))).status).toBe(200);
  });

  it('refuses one for another audience, of a subject or an issuer that is not trusted, and a forged one', async () => {
    const wrongAudience = await askWith(await machineToken('https://management.azure.com'));
    const federated = { tenant: null, subject: 'somebody', audience: AUDIENCE };
    const token = await machineToken(AUDIENCE);
    const forged = await askWith(`${token.split('.').slice(0, 2).join('.')}.AAAA`);
    await register({ federated: [federated] });
    const wrongSubject = await askWith(token);
    await register({ federated: [{ ...federated, tenant: cloud.id('contoso') }] });
    const wrongIssuer = await askWith(token);
    const answers = [wrongAudience, wrongSubject, wrongIssuer, forged];
    expect(answers.map(({ body }) => body.error_codes[0])).toEqual([700_212, 700_213, 700_211, 50_013]);
  });

  it.each([
    ['GitHub', () => 'https://token.actions.githubusercontent.com'],
    ['the older endpoint of the home tenant', () => `https://sts.windows.net/${HOME}/`],
    ['the real Entra', () => `https://login.microsoftonline.com/${HOME}/v2.0`],
    ['the customer’s own tenant', () => `${cloud.rehearsal.cloud}/${cloud.id('contoso')}/v2.0`],
    ['the home tenant with a slash at the end', () => `${cloud.rehearsal.cloud}/${HOME}/v2.0/`],
  ])('refuses a token of %s although all else in it is right', async (_case, iss) => {
    const claims = decodeJwt(await machineToken(AUDIENCE));
    const foreign = await new SignJWT({ ...claims, iss: iss() })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .sign(createPrivateKey(registered.private));
    const { status, body } = await askWith(foreign);
    expect([status, body.error, body.error_codes]).toEqual([401, 'invalid_client', [700_211]]);
    expect(body.error_description).toContain(`presented assertion issuer '${iss()}'`);
  });

  it('knows no other identity of the machine', async () => {
    const query = new URLSearchParams({ resource: AUDIENCE, client_id: worker });
    const { status } = await fetch(`${cloud.rehearsal.url}/msi/token?${query.toString()}`, {
      headers: { 'x-identity-header': 'machine' },
    });
    expect(status).toBe(400);
  });
});
