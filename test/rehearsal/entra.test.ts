import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { ClientSecretCredential } from '@azure/identity';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXCHANGE_SCOPE, type RunningRehearsal, runningRehearsal } from './running-rehearsal.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const HOME = '0b0b0b0b-0000-4000-8000-000000000001';
const usualAuthorities = tls.getCACertificates('default');
let rehearsal: RunningRehearsal;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
  const authority = readFileSync(String(rehearsal.environment['EXTRA_CA_FILE']), 'utf8');
  tls.setDefaultCACertificates([...usualAuthorities, authority]);
});

afterAll(async () => {
  tls.setDefaultCACertificates(usualAuthorities);
  await rehearsal.stop();
});

function credential(
  tenant: string,
  secret = String(rehearsal.environment['WORKER_APP_SECRET']),
): ClientSecretCredential {
  return new ClientSecretCredential(tenant, String(rehearsal.environment['WORKER_APP_ID']), secret, {
    authorityHost: rehearsal.cloud,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });
}

async function ask(
  tenant: string,
  form: Record<string, string>,
): Promise<Awaited<ReturnType<RunningRehearsal['send']>>> {
  const whole = {
    grant_type: 'client_credentials',
    client_id: String(rehearsal.environment['WORKER_APP_ID']),
    client_secret: String(rehearsal.environment['WORKER_APP_SECRET']),
    scope: EXCHANGE_SCOPE,
    ...form,
  };
  const body = new URLSearchParams(whole).toString();
  return rehearsal.send('POST', `/${tenant}/oauth2/v2.0/token`, { body });
}

describe('rehearsal/entra', () => {
  it('gives the real ClientSecretCredential a token for the tenant, the scope and the role', async () => {
    const { token, expiresOnTimestamp } = await credential(CONTOSO).getToken(EXCHANGE_SCOPE);
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      aud: 'https://outlook.office365.com',
      tid: CONTOSO,
      roles: ['Exchange.ManageAsApp'],
    });
    expect(expiresOnTimestamp - Date.now()).toBeGreaterThan(3_000_000);
  });

  it('signs tokens that verify against its published keys', async () => {
    const token = await rehearsal.token('contoso', 'https://graph.microsoft.com/.default');
    const keys = createRemoteJWKSet(new URL(`${rehearsal.cloud}/${CONTOSO}/discovery/v2.0/keys`));
    const { payload } = await jwtVerify(token, keys, { audience: 'https://graph.microsoft.com' });
    expect(payload['tid']).toBe(CONTOSO);
  });

  it.each([
    ['an unknown tenant', '99999999-0000-4000-8000-000000000009', {}, 400, 90002],
    ['a tenant that never consented', 'c0000000-0000-4000-8000-000000000005', {}, 400, 700016],
    ['a tenant that took consent away', 'c0000000-0000-4000-8000-000000000006', {}, 400, 700016],
    ['an unknown application', CONTOSO, { client_id: '12345678-0000-4000-8000-000000000000' }, 400, 700016],
    ['a wrong secret', CONTOSO, { client_secret: 'guess' }, 401, 7000215],
    ['a scope without /.default', CONTOSO, { scope: 'https://outlook.office365.com/Mail.Read' }, 400, 1002012],
    ['an unknown resource', CONTOSO, { scope: 'https://unknown.example/.default' }, 400, 500011],
    ['another grant', CONTOSO, { grant_type: 'password' }, 400, 70003],
  ])('refuses %s with its AADSTS number', async (_case, tenant, form, status, number) => {
    const { status: seen, body } = await ask(tenant, form);
    expect(seen).toBe(status);
    expect(body.error_codes).toEqual([number]);
    expect(body.error_description).toContain(`AADSTS${number}:`);
    expect(body.access_token).toBeUndefined();
  });

  it('makes the real credential fail with the AADSTS number of a revoked consent', async () => {
    const failing = credential('c0000000-0000-4000-8000-000000000006').getToken(EXCHANGE_SCOPE);
    await expect(failing).rejects.toThrow(/AADSTS700016/u);
  });

  it('leaves the role out of the token when the application permission is missing', async () => {
    await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', hasExchangeRole: false });
    const token = await rehearsal.token('contoso');
    await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', hasExchangeRole: true });
    expect(decodeJwt(token)['roles']).toEqual([]);
  });

  it('refuses an application that the tenant has disabled, and says so in its directory', async () => {
    const graph = `Bearer ${await rehearsal.token('contoso', 'https://graph.microsoft.com/.default')}`;
    await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', principalEnabled: false });
    const refused = await ask(CONTOSO, {});
    const query = new URLSearchParams({ $filter: `appId eq '${String(rehearsal.environment['WORKER_APP_ID'])}'` });
    const { body } = await rehearsal.send('GET', `/v1.0/servicePrincipals?${query.toString()}`, {
      headers: { authorization: graph },
    });
    await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', principalEnabled: true });
    expect([refused.status, refused.body.error_codes]).toEqual([400, [7_000_112]]);
    expect(body.value).toMatchObject([{ accountEnabled: false }]);
    expect((await ask(CONTOSO, {})).status).toBe(200);
  });

  it('gives the bot its connector token at home and at botframework.com, and at no customer', async () => {
    const bot = {
      client_id: String(rehearsal.environment['BOT_APP_ID']),
      client_secret: String(rehearsal.environment['BOT_APP_SECRET']),
      scope: 'https://api.botframework.com/.default',
    };
    const statuses = await Promise.all(
      [HOME, 'botframework.com', CONTOSO].map(async (at) => (await ask(at, bot)).status),
    );
    expect(statuses).toEqual([200, 200, 400]);
  });

  it('publishes channel keys that are endorsed for Teams and verify the channel’s tokens', async () => {
    const metadata = await rehearsal.send('GET', '/botframework/openidconfiguration');
    const keys = await rehearsal.send('GET', new URL(metadata.body.jwks_uri).pathname);
    const token = await rehearsal.world.identity.signBotToken({ serviceUrl: 'https://127.0.0.1/teams/' });
    const { kid } = decodeProtectedHeader(token);
    expect(metadata.body.issuer).toBe('https://api.botframework.com');
    expect(keys.body.keys[0]).toMatchObject({ kid, endorsements: ['msteams'] });
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(metadata.body.jwks_uri)));
    expect(payload).toMatchObject({ aud: rehearsal.environment['BOT_APP_ID'], serviceurl: 'https://127.0.0.1/teams/' });
  });

  it('plays throttling and a revoked consent to order, then works again', async () => {
    await rehearsal.control('POST', '/control/faults', {
      where: 'entra',
      kind: 'throttle-with-retry-after',
      seconds: 7,
    });
    await rehearsal.control('POST', '/control/faults', {
      where: 'entra',
      match: { tenant: 'contoso' },
      kind: 'consent-revoked',
    });
    const throttled = await ask(CONTOSO, {});
    const revoked = await ask(CONTOSO, {});
    const good = await ask(CONTOSO, {});
    expect([throttled.status, throttled.headers['retry-after']]).toEqual([429, '7']);
    expect(revoked.body.error_codes).toEqual([700016]);
    expect(good.status).toBe(200);
  });
});
