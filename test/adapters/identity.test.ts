import { describe, expect, it } from 'vitest';
import { createTenantCredentials, type TenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { TenantAccessError, TenantMismatchError, ThrottledError, UnavailableError } from '../../src/core/errors.ts';
import { cutConnection, jsonAnswer, type Play, rawAnswer, silence, unsignedToken } from '../support/scripted-https.ts';
import { scriptedServer } from '../support/scripted-server.ts';
import { silentLog } from '../support/silent-log.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const FABRIKAM = 'c0000000-0000-4000-8000-000000000002';
const SCOPE = 'https://outlook.office365.com/.default';

const scripted = scriptedServer();

function credentials(timeout = 20_000): TenantCredentials {
  const proof = { kind: 'secret', secret: 'scripted-secret' } as const;
  return createTenantCredentials({ authority: scripted.server.url, appId: FABRIKAM, proof, log: silentLog(), timeout });
}

/** Entra is asked for its addresses before it is asked for a token. */
function metadata(tenantId: string): Play {
  const base = `${scripted.server.url}/${tenantId}`;
  return jsonAnswer(200, {
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/authorize`,
    jwks_uri: `${base}/keys`,
  });
}

function token(tenantId: string, seconds = 3599): Play {
  const access_token = unsignedToken(tenantId);
  return jsonAnswer(200, { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token });
}

function refusal(number: number, status = 400, headers: Record<string, string> = {}): Play {
  const error_description = `AADSTS${number}: Words that change. Trace ID: 1`;
  return jsonAnswer(status, { error: 'invalid_client', error_description, error_codes: [number] }, headers);
}

describe('adapters/identity/tenant-credentials', () => {
  it('gets one token for many callers and keeps it', async () => {
    scripted.server.answer(metadata(CONTOSO), token(CONTOSO));
    const tokens = credentials();
    const got = await Promise.all(Array.from({ length: 20 }, () => tokens.token(CONTOSO, SCOPE)));
    got.push(await tokens.token(CONTOSO.toUpperCase(), SCOPE));
    expect(new Set(got)).toEqual(new Set([unsignedToken(CONTOSO)]));
    const [, asked] = scripted.server.received;
    expect(asked?.path).toContain(`/${CONTOSO}/oauth2/v2.0/token`);
    expect(new URLSearchParams(asked?.body).get('scope')).toContain(SCOPE);
  });

  it('gets a new token when the old one is about to expire or is forgotten', async () => {
    scripted.server.answer(metadata(CONTOSO), token(CONTOSO, 200), token(CONTOSO));
    const tokens = credentials();
    await tokens.token(CONTOSO, SCOPE);
    await tokens.token(CONTOSO, SCOPE);
    scripted.server.answer(metadata(CONTOSO), token(CONTOSO));
    tokens.forget(CONTOSO);
    await tokens.token(CONTOSO, SCOPE);
    expect(scripted.server.received.filter(({ method }) => method === 'POST')).toHaveLength(3);
  });

  it('does not use a token of another tenant, or of none, and asks again the next time', async () => {
    const tokens = credentials();
    scripted.server.answer(metadata(CONTOSO), token(FABRIKAM));
    await expect(tokens.token(CONTOSO, SCOPE)).rejects.toBeInstanceOf(TenantMismatchError);
    const opaque = { token_type: 'Bearer', expires_in: 3599, access_token: 'opaque' };
    scripted.server.answer(metadata(CONTOSO), jsonAnswer(200, opaque));
    await expect(tokens.token(CONTOSO, SCOPE)).rejects.toBeInstanceOf(TenantMismatchError);
    scripted.server.answer(metadata(CONTOSO), token(CONTOSO));
    await expect(tokens.token(CONTOSO, SCOPE)).resolves.toBe(unsignedToken(CONTOSO));
  });

  it.each([
    [65001, 'consent'],
    [700016, 'consent'],
    [7000229, 'consent'],
    [500011, 'consent'],
    [90002, 'consent'],
    [53003, 'consent'],
    [7000215, 'credential'],
    [7000222, 'credential'],
    [999999, 'credential'],
  ])('explains AADSTS%i as a matter of %s', async (number, reason) => {
    scripted.server.answer(metadata(CONTOSO), refusal(number));
    const error: unknown = await credentials()
      .token(CONTOSO, SCOPE)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TenantAccessError);
    expect(error).toMatchObject({ reason, message: expect.stringContaining(`AADSTS${number}`) });
    expect(String(error)).not.toContain('scripted-secret');
  });

  it('blames nobody for a number it does not know', async () => {
    scripted.server.answer(metadata(CONTOSO), refusal(999999));
    const next = expect.stringMatching(/^An operator looks the number up/u);
    await expect(credentials().token(CONTOSO, SCOPE)).rejects.toMatchObject({ next });
  });

  it.each([
    ['a cut connection', cutConnection],
    ['silence', silence],
    ['an answer that is no JSON', rawAnswer(200, '<html>')],
    ['a number that passes', refusal(650051)],
    ['408', refusal(7000215, 408)],
  ] satisfies [string, Play][])('says "not now" on %s and recovers', async (_, play) => {
    const tokens = credentials(2000);
    scripted.server.answer(metadata(CONTOSO), play);
    await expect(tokens.token(CONTOSO, SCOPE)).rejects.toBeInstanceOf(UnavailableError);
    scripted.server.answer(token(CONTOSO));
    await expect(tokens.token(CONTOSO, SCOPE)).resolves.toBe(unsignedToken(CONTOSO));
  });

  it.each([
    ['503', rawAnswer(503, ''), UnavailableError],
    ['503 with a number that means something else', refusal(65001, 503), UnavailableError],
    ['500 with a number nobody knows', refusal(999999, 500), UnavailableError],
    ['429', rawAnswer(429, '', { 'retry-after': '17' }), ThrottledError],
    ['429 with a number', refusal(90055, 429, { 'retry-after': '17' }), ThrottledError],
    ['a number that passes, with a time', refusal(650051, 400, { 'retry-after': '17' }), UnavailableError],
  ] satisfies [string, Play, unknown][])('says "not now" on %s and really asks again', async (_, play, kind) => {
    const tokens = credentials(2000);
    scripted.server.answer(metadata(CONTOSO), play);
    const error: unknown = await tokens.token(CONTOSO, SCOPE).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(kind);
    if (error instanceof ThrottledError) expect(error.retryAfterSeconds).toBe(17);
    scripted.server.answer(metadata(CONTOSO), token(CONTOSO));
    await expect(tokens.token(CONTOSO, SCOPE)).resolves.toBe(unsignedToken(CONTOSO));
  });

  it('lets one caller go without taking the token from the others', async () => {
    const abort = new AbortController();
    scripted.server.answer(metadata(CONTOSO), (response, received) => {
      abort.abort(new Error('gone'));
      token(CONTOSO)(response, received);
    });
    const tokens = credentials();
    const leaving = tokens.token(CONTOSO, SCOPE, abort.signal);
    const staying = tokens.token(CONTOSO, SCOPE);
    await expect(leaving).rejects.toThrow('gone');
    await expect(staying).resolves.toBe(unsignedToken(CONTOSO));
  });
});
