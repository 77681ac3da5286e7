import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BotToken } from '../../src/teams/bot-token.ts';
import { SigningKeys } from '../../src/teams/signing-keys.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { APP_ID, HOME, type TokenOptions } from '../support/fake-teams.ts';
import { message, type RunningEdge, startEdge } from '../support/teams-edge.ts';

let edge: RunningEdge;

beforeAll(async () => {
  edge = await startEdge();
});

beforeEach(() => {
  edge.dispatcher.messages.length = 0;
});

afterAll(() => edge.stop());

const entra = `https://sts.windows.net/${HOME}/`;
const other = '99999999-0000-4000-8000-000000000009';
const foreign = 'https://attacker.example/teams/';

const refused: readonly [string, TokenOptions, Record<string, unknown>][] = [
  ['another issuer', { claims: { iss: 'https://issuer.example' } }, {}],
  ['no issuer', { claims: { iss: undefined } }, {}],
  ['Entra as issuer, for the bot itself', { claims: { iss: entra, appid: APP_ID, ver: '1.0' } }, {}],
  ['Entra v2 as issuer, for the bot itself', { claims: { iss: entra, azp: APP_ID, ver: '2.0' } }, {}],
  ['the token of a skill', { claims: { iss: entra, appid: other, azp: other, ver: '2.0' } }, {}],
  ['another audience', { claims: { aud: other } }, {}],
  ['a list of audiences', { claims: { aud: [APP_ID, other] } }, {}],
  ['no audience', { claims: { aud: undefined } }, {}],
  ['an expiry an hour ago', { expiresIn: -3600 }, {}],
  ['no expiry', { claims: { exp: undefined } }, {}],
  ['a start in an hour', { claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } }, {}],
  ['a forged signature', { forged: true }, {}],
  ['an unknown key', { header: { kid: 'key-2' } }, {}],
  ['no key id', { header: { kid: undefined } }, {}],
  ['the service address of somebody else', { claims: { serviceurl: foreign } }, {}],
  ['no service address in the token', { claims: { serviceurl: undefined } }, {}],
  ['no service address in the activity', {}, { serviceUrl: undefined }],
  ['a service address off the list on both sides', { claims: { serviceurl: foreign } }, { serviceUrl: foreign }],
  ['another channel', {}, { channelId: 'webchat' }],
  ['the channel of skills', {}, { channelId: 'AseChannel' }],
  ['no channel', {}, { channelId: undefined }],
];

describe('a call of /api/messages', () => {
  it('passes with a token of the channel for this bot', async () => {
    const response = await edge.deliver(message(edge, 'help'));

    expect(response.status).toBe(200);
    expect(edge.dispatcher.messages).toHaveLength(1);
  });

  it.each(refused)('is refused with %s', async (_what, token, overrides) => {
    const response = await edge.deliver(message(edge, 'help', overrides), token);

    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: { status: 401, correlationId: expect.any(String) } });
    expect(edge.dispatcher.messages).toEqual([]);
  });

  it.each(['', 'Bearer', 'Bearer x', 'Basic YTpi', 'Bearer a.b.c', `Bearer ${'a'.repeat(9000)}.b.c`])(
    'is refused with the authorization “%s”',
    async (authorization) => {
      const response = await fetch(`${edge.url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(message(edge, 'help')),
      });

      expect(response.status).toBe(401);
    },
  );

  it('is refused with the algorithm none', async () => {
    const [, claims] = (await edge.teams.token()).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: 'key-1' })).toString('base64url');
    const response = await fetch(`${edge.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${header}.${claims}.x` },
      body: JSON.stringify(message(edge, 'help')),
    });

    expect(response.status).toBe(401);
  });

  it('checks a remembered token against the service address of each activity', async () => {
    const authorization = `Bearer ${await edge.teams.token()}`;
    const post = (activity: object): Promise<Response> =>
      fetch(`${edge.url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(activity),
      });

    const first = await post(message(edge, 'help'));
    const moved = await post(message(edge, 'help', { serviceUrl: `${edge.teams.serviceUrl}elsewhere/` }));

    expect([first.status, moved.status]).toEqual([200, 401]);
  });

  it('does not grow a list or the log with refused tokens', async () => {
    const before = edge.logLines.length;
    const token = await edge.teams.token({ claims: { iss: 'https://issuer.example' } });
    const post = (): Promise<Response> =>
      fetch(`${edge.url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '{}',
      });

    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 10 }, post));

    expect(edge.logLines.length - before).toBeLessThan(5);
  });
});

describe('the signing keys', () => {
  const log = createLogger({ level: 'fatal', secrets: [] });

  it('stay usable while their server is down', async () => {
    const keys = new SigningKeys(edge.teams.metadataUrl, log);
    await keys.getKey('key-1');
    edge.teams.keysServed = false;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 24 * 3_600_000 });
    try {
      expect(await keys.getKey('key-1')).not.toBeNull();
    } finally {
      vi.useRealTimers();
      edge.teams.keysServed = true;
    }
  });

  it('are refused after a week without their server', async () => {
    const keys = new SigningKeys(edge.teams.metadataUrl, log);
    await keys.getKey('key-1');
    edge.teams.keysServed = false;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 24 * 3_600_000 });
    try {
      await expect(keys.getKey('key-1')).rejects.toThrow('not available');
      expect(keys.ready).toBe(false);
    } finally {
      vi.useRealTimers();
      edge.teams.keysServed = true;
    }
  });

  it('are asked for once by many who wait, and not again for unknown key ids', async () => {
    const keys = new SigningKeys(edge.teams.metadataUrl, log);
    const before = edge.teams.keyFetches;

    await Promise.all(Array.from({ length: 50 }, () => keys.getKey('key-1')));
    for (const id of ['x', 'y', 'z']) expect(await keys.getKey(id)).toBeNull();

    expect(edge.teams.keyFetches - before).toBe(2);
  });

  it('that are missing make the answer 503, not 401', async () => {
    const blind = await startEdge({ keysServed: false });
    try {
      const without = await blind.deliver(message(blind, 'help'));
      const notReady = await fetch(`${blind.url}/readyz`);
      blind.teams.keysServed = true;
      await vi.waitFor(() => expect(blind.host.ready).toBe(true), { timeout: 5000 });
      const withKeys = await blind.deliver(message(blind, 'help'));

      expect([without.status, notReady.status, withKeys.status]).toEqual([503, 503, 200]);
    } finally {
      await blind.stop();
    }
  });
});

describe('the bot’s own token', () => {
  it('is asked for once by many who wait, and again only near its end', async () => {
    let asked = 0;
    const getToken = async () => {
      asked += 1;
      return { token: `token-${asked}`, expiresOnTimestamp: Date.now() + (asked === 1 ? 60_000 : 3_600_000) };
    };
    const token = new BotToken({ getToken });

    const first = await Promise.all(Array.from({ length: 20 }, () => token.get()));
    const second = await token.get();
    const third = await token.get();

    expect(new Set(first)).toEqual(new Set(['token-1']));
    expect([second, third, asked]).toEqual(['token-2', 'token-2', 2]);
  });
});
