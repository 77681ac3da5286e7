import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { homeOf } from '../../src/rehearsal/home/home-directory.ts';
import { type RunningRehearsal, runningRehearsal } from './running-rehearsal.ts';

let rehearsal: RunningRehearsal;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
});

afterAll(() => rehearsal?.stop());

const put = (path: string, body: object) => rehearsal.control('PUT', `/control/${path}`, body);

describe('the home tenant of the rehearsal', () => {
  it('can be asked for its groups, changed, and is as seeded after a reset', async () => {
    const { body: before } = await rehearsal.control('GET', '/control/home');
    expect(before.groups.map(({ name }: { name: string }) => name)).toEqual([
      'Mail flow requesters',
      'Mail flow approvers',
      'Mail flow on call',
    ]);
    await put('groups', { group: 'Night shift', members: ['eve', 'Mail flow on call'] });
    await put('home', { users: { eve: { accountEnabled: false } }, permissions: [], signIn: { ageSeconds: 60 } });
    const { body: changed } = await rehearsal.control('GET', '/control/home');
    expect(changed).toMatchObject({ permissions: [], signIn: { ageSeconds: 60, context: 'given', error: null } });
    expect(changed.groups).toHaveLength(4);
    await rehearsal.control('POST', '/control/reset', {});
    expect((await rehearsal.control('GET', '/control/home')).body).toEqual(before);
  });

  it.each([
    ['groups', { group: '', members: [] }],
    ['groups', { group: 'x', members: ['nobody'] }],
    ['groups', { group: 'x', members: 'ada' }],
    ['home', { permissions: ['Mail.Read'] }],
    ['home', { users: { nobody: {} } }],
    ['home', { signIn: { context: 'maybe' } }],
    ['home', { signIn: { ageSeconds: 'old' } }],
  ])('refuses a mistake and changes nothing: %s %j', async (path, body) => {
    const before = homeOf(rehearsal.world).export();
    expect((await put(path, body)).status).toBe(400);
    expect(homeOf(rehearsal.world).export()).toBe(before);
  });

  it('is the same after its memory was written and read', () => {
    const home = homeOf(rehearsal.world);
    home.set({ accounts: { x: { guest: true } } });
    const text = home.export();
    home.reset();
    home.restore(JSON.parse(text));
    expect(home.export()).toBe(text);
    expect(() => home.restore({ groups: 'none' })).toThrow();
  });

  it('takes the memory of a version that knew no certificates and no further addresses', () => {
    const home = homeOf(rehearsal.world);
    const { worker: _worker, redirectUris: _addresses, ...earlier } = JSON.parse(home.export());
    home.set({ worker: { certificates: [], federated: [] }, redirectUris: ['http://127.0.0.1:9/x'] });
    home.restore(earlier);
    expect([home.worker.federated.length, home.redirectUris]).toEqual([1, []]);
  });

  it.each([
    [{ client_id: 'another' }, /AADSTS700016/u],
    [{ redirect_uri: 'https://evil.example/sign-in/callback' }, /AADSTS50011/u],
    [{ redirect_uri: 'http://127.0.0.1:9/sign-in/callback/' }, /AADSTS50011/u],
    [{ redirect_uri: 'http://localhost:9/sign-in/callback' }, /AADSTS50011/u],
    [{ redirect_uri: 'http://127.0.0.1:9/consent/callback' }, /AADSTS50011/u],
    [{ response_type: 'token' }, /AADSTS700051/u],
    [{ scope: 'profile' }, /AADSTS900144/u],
    [{ code_challenge_method: 'plain' }, /AADSTS501481/u],
  ])('lets nobody sign in with %j', async (change, reason) => {
    const query = new URLSearchParams({
      client_id: String(rehearsal.environment['SIGN_IN_APP_ID']),
      redirect_uri: 'http://127.0.0.1:9/sign-in/callback',
      response_type: 'code',
      scope: 'openid profile',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
      ...change,
    });
    const home = rehearsal.environment['BOT_TENANT_ID'];
    const { status, raw } = await rehearsal.send('GET', `/${home}/oauth2/v2.0/authorize?${query.toString()}`);
    expect([status, raw.toString()]).toEqual([400, expect.stringMatching(reason)]);
  });

  it.each([
    [{ client_secret: 'wrong' }, 'AADSTS7000215'],
    [{ code: 'made-up' }, 'AADSTS70008'],
  ])('exchanges no code with %j', async (change, reason) => {
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: String(rehearsal.environment['SIGN_IN_APP_ID']),
      client_secret: String(rehearsal.environment['SIGN_IN_APP_SECRET']),
      code: 'x',
      ...change,
    });
    const home = rehearsal.environment['BOT_TENANT_ID'];
    const answer = await rehearsal.send('POST', `/${home}/oauth2/v2.0/token`, { body: form.toString() });
    expect(answer.body.error_description).toContain(reason);
  });
});
