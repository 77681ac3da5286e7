import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createConsentDesk } from '../../src/adapters/identity/admin-consent.ts';
import { entraFailure } from '../../src/adapters/identity/entra-failure.ts';
import type { ConsentLink } from '../../src/ports/admin-consent.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { begin, CONTOSO, desk, granted, RITA, stateOf } from '../support/opened-consent-desk.ts';
import { silentLog } from '../support/silent-log.ts';

const FABRIKAM = 'c0000000-0000-4000-8000-000000000002';

function refused(link: ConsentLink, fields: Record<string, string>): URLSearchParams {
  return new URLSearchParams({ admin_consent: 'True', state: stateOf(link), ...fields });
}

function tokenFails(number: number): Promise<never> {
  return Promise.reject(entraFailure(CONTOSO, new Error(`AADSTS${number}: words`), null));
}

describe('adapters/identity/admin-consent: callback', () => {
  it('believes a token of the tenant, and then remembers that consent was given', async () => {
    const at = desk();
    const link = await begin(at);
    expect(await at.outcomeOf(link.id)).toEqual({ kind: 'open' });
    const page = await at.callback(granted(link));
    expect(page).toMatchObject({ status: 200, html: expect.stringContaining('Consent is given') });
    expect(at.proven).toEqual([CONTOSO]);
    expect(await at.outcomeOf(link.id)).toEqual({ kind: 'granted' });
    expect(await at.outcomeOf('unknown')).toBeNull();
  });

  it('never believes what the address says about the tenant', async () => {
    const at = desk();
    const other = await begin(at);
    expect(await at.callback(granted(other, { tenant: FABRIKAM }))).toMatchObject({ status: 400 });
    expect(at.proven).toEqual([]);
    expect(await at.outcomeOf(other.id)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('another') });
    const unnamed = await begin(at);
    const query = granted(unnamed);
    query.delete('tenant');
    await at.callback(query);
    expect(at.proven).toEqual([CONTOSO]);
  });

  it('is believed only in the browser that opened the link, and is not used up by another', async () => {
    const at = desk();
    const [link, other] = [await begin(at), await begin(at)];
    const foreign = (await at.start(other.url.searchParams)).headers['set-cookie']?.split(';')[0] ?? '';
    for (const cookies of ['', 'x=y', foreign, foreign.replace(/=.*/u, `=${'0'.repeat(64)}`)]) {
      expect((await at.callback(granted(link), cookies)).html).toContain('another browser');
    }
    expect(at.proven).toEqual([]);
    expect((await at.callback(granted(link))).status).toBe(200);
  });

  it('is not believed with a cookie that anybody could work out who knows the link', async () => {
    const at = desk({ signIn: async () => new URL('https://bot.example/sign-in/x') });
    const link = await begin(at);
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const names = [hash(`name ${link.id}`), hash(link.id)].map((one) => `switchyard_consent_${one.slice(0, 12)}`);
    const values = [`value ${link.id}`, `cookie ${link.id}`, link.id, stateOf(link)].flatMap((one) => [hash(one), one]);
    for (const name of names) {
      for (const value of values) {
        const page = await at.callback(granted(link), `${name}=${value}`);
        expect(page.html).toContain('This is another browser');
      }
    }
    expect(at.proven).toEqual([]);
    const cookie = (await at.goOn(link.id)).headers['set-cookie']?.split(';')[0] ?? '';
    expect((await at.callback(granted(link), cookie)).html).toContain('Consent is given');
  });

  it('works once', async () => {
    const at = desk();
    const link = await begin(at);
    const pages = await Promise.all([1, 2, 3].map(() => at.callback(granted(link))));
    expect(pages.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409, 409]);
    expect((await at.callback(granted(link))).status).toBe(400);
    expect(at.proven).toHaveLength(1);
  });

  it('can be reloaded when the process died that was asking Microsoft', async () => {
    const at = desk();
    const link = await begin(at);
    await at.store.take(link.id);
    expect((await at.callback(granted(link))).html).toContain('Reload this page in a minute.');
    at.store.forsake(link.id);
    expect((await at.callback(granted(link))).html).toContain('Consent is given');
  });

  it('refuses states that are missing, expired, changed, exchanged, or of another application', async () => {
    const at = desk();
    const [link, other] = [await begin(at), await begin(at, FABRIKAM)];
    const expired = await begin(at);
    at.store.expire(expired.id);
    const [id = '', signature = ''] = stateOf(link).split('.');
    const [, foreign = ''] = stateOf(other).split('.');
    const elsewhere = createConsentDesk({
      authority: 'https://login.microsoftonline.com',
      appId: FABRIKAM,
      isRehearsal: false,
      publicUrl: () => 'https://bot.example',
      store: at.store,
      prove: () => Promise.resolve(),
      clock: new FakeClock(),
      log: silentLog(),
    });
    const states = [
      '',
      'x',
      `${id}.`,
      `${id}.${foreign}`,
      `${id}.${signature}x`,
      `${signature}.${id}`,
      stateOf(expired),
    ];
    for (const state of states) {
      expect((await at.callback(granted(link, { state }))).html).toContain('This link cannot be used');
    }
    expect((await at.callback(new URLSearchParams())).status).toBe(400);
    expect((await elsewhere.callback(granted(link), '')).status).toBe(400);
    expect(at.proven).toEqual([]);
    expect((await at.callback(granted(link))).status).toBe(200);
  });

  it('refuses a state that was signed for another requester or tenant than the link is remembered for', async () => {
    const at = desk();
    const link = await begin(at);
    const omar = '11111111-0000-4000-8000-000000000002';
    await at.store.add(link.id, { tenantId: CONTOSO, requesterId: omar, conversation: 'c' });
    expect((await at.callback(granted(link))).status).toBe(400);
    await at.store.add(link.id, { tenantId: FABRIKAM, requesterId: RITA, conversation: 'c' });
    expect((await at.callback(granted(link))).status).toBe(400);
    expect(at.proven).toEqual([]);
  });

  it('says REHEARSAL where nothing is real', async () => {
    const at = desk({ isRehearsal: true });
    const link = await begin(at);
    const pages = [await at.callback(granted(link)), await at.callback(granted(link))];
    for (const { html } of pages) expect(html).toContain('<h1>REHEARSAL – ');
  });

  it.each([65001, 700016, 7000229, 650051, 700027])(
    'waits for Microsoft to show the consent after AADSTS%i',
    async (number) => {
      let times = 0;
      const slow = desk({
        prove: () => {
          times += 1;
          return times < 3 ? tokenFails(number) : Promise.resolve();
        },
      });
      const first = await begin(slow);
      expect((await slow.callback(granted(first))).html).toContain('Consent is given');
      const never = desk({ prove: () => tokenFails(number) });
      const second = await begin(never);
      expect((await never.callback(granted(second))).html).toContain('on its way');
      expect(await never.outcomeOf(second.id)).toEqual({ kind: 'unproven' });
    },
  );

  it.each([
    [500011, 'Exchange Online is not there', 'An administrator of that tenant must license Exchange Online.'],
    [650052, 'there is no licence for Exchange Online', 'An administrator of that tenant must add the licence.'],
    [650056, 'the registration asks for no permission that fits', 'An operator must correct the registration.'],
    [53003, 'a conditional access policy blocks Switchyard', 'An administrator of that tenant must exempt it.'],
    [90002, 'there is no such tenant', 'An operator must correct the tenant id in TENANTS.'],
    [7000112, 'Switchyard is disabled there', 'An administrator of that tenant must enable the app.'],
    [7000215, 'the client secret is wrong', 'An operator must renew the credential'],
  ])('calls AADSTS%i no consent that is on its way, and says who does what', async (number, reason, next) => {
    let times = 0;
    const at = desk({
      prove: () => {
        times += 1;
        return tokenFails(number);
      },
    });
    const link = await begin(at);
    const page = await at.callback(granted(link));
    expect([page.status, times]).toEqual([400, 1]);
    for (const words of ['Switchyard is not let in', reason, next]) expect(page.html).toContain(words);
    const told = { reason: expect.stringContaining(reason), next: expect.stringContaining(next) };
    expect(await at.outcomeOf(link.id)).toMatchObject({ kind: 'refused', ...told });
  });

  it.each<[Record<string, string>, string]>([
    [{ error: 'access_denied', error_subcode: 'cancel' }, 'declined'],
    [{ error: 'access_denied', error_description: 'AADSTS65004: words' }, 'declined'],
    [{ error: 'consent_required', error_description: 'AADSTS65004: words' }, 'declined'],
    [{ error: 'access_denied', error_description: 'AADSTS90094: words' }, 'not an administrator'],
    [{ error: 'access_denied', error_description: 'AADSTS90093: words' }, 'not an administrator'],
    [{ error: 'invalid_grant', error_description: 'AADSTS65001: words' }, 'Nobody has consented'],
    [{ error: 'unauthorized_client', error_description: 'AADSTS700016: words' }, 'not known in that organisation'],
    [{ error: 'invalid_resource', error_description: 'AADSTS500011: words' }, 'Exchange Online does not exist'],
    [{ error: 'server_error', error_description: 'AADSTS650051: words' }, 'still creating'],
    [{ error: 'invalid_client', error_description: 'AADSTS650052: words' }, 'no licence'],
    [{ error: 'invalid_client', error_description: 'AADSTS650056: words' }, 'permissions that do not fit'],
    [{ error: 'interaction_required', error_description: 'AADSTS50020: words' }, 'guest'],
    [{ error: 'invalid_request', error_description: 'AADSTS50011: words' }, 'not registered'],
    [{ error: 'interaction_required', error_description: 'AADSTS53003: words' }, 'conditional access'],
    [{ error: 'invalid_request', error_description: 'AADSTS90002: words' }, 'no such organisation'],
    [{ error: 'invalid_client', error_description: 'AADSTS7000215: words' }, 'secret'],
    [{ error: 'invalid_client', error_description: 'AADSTS700027: words' }, 'certificate'],
    [{ error: 'unauthorized_client', error_description: 'AADSTS7000229: words' }, 'no service principal'],
    [{ error: 'temporarily_unavailable' }, 'could not answer'],
    [{ error: 'something_new', error_description: 'AADSTS1234567: words' }, 'AADSTS1234567'],
    [{ error: 'something_new' }, 'did not accept'],
    [{ error: '' }, 'did not accept'],
  ])('explains %o although it says that consent was given', async (fields, words) => {
    const at = desk();
    const link = await begin(at);
    const page = await at.callback(refused(link, { tenant: CONTOSO, ...fields }));
    expect(page.status).toBe(400);
    expect(page.html).toContain(words);
    expect(at.proven).toEqual([]);
    expect(await at.outcomeOf(link.id)).toMatchObject({ kind: 'refused' });
  });

  it('shows nothing that came with the address', async () => {
    const evil = '<script>alert("canary")</script>';
    const at = desk();
    for (const fields of [
      { error: evil },
      { error: 'x', error_description: evil },
      { tenant: evil },
      { scope: evil },
    ]) {
      const link = await begin(at);
      const { html } = await at.callback(refused(link, { ...fields, extra: evil }));
      expect(html).not.toMatch(/canary|<script/u);
    }
  });
});
