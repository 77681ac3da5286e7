import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consentName } from '../../src/core/consent-name.ts';
import { adaId, OpenedSignInDesk } from '../support/opened-sign-in-desk.ts';
import { WebBrowser } from '../support/web-browser.ts';

let house: OpenedSignInDesk;
let link: URL;

beforeAll(async () => {
  house = await OpenedSignInDesk.start();
});

beforeEach(async () => {
  await house.forget();
  link = await house.linkForAda();
});

afterAll(() => house?.stop());

describe('a fresh sign-in', () => {
  it('leads to a page that decides nothing until its button is pressed', async () => {
    const browser = new WebBrowser();
    const page = await browser.signIn(link, 'ada');
    expect(page.text).toContain('Approve, Ada (approver)?');
    expect(house.events()).toEqual(['accepted c1']);
    const [entra] = browser.visited.filter((url) => url.includes('/authorize'));
    const asked = new URL(entra ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      prompt: 'login',
      max_age: '0',
      code_challenge_method: 'S256',
      redirect_uri: `${house.base}/sign-in/callback`,
      claims: '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}',
    });

    await browser.submit(page);

    expect(house.events()).toEqual(['accepted c1', 'decided']);
  });

  it('changes nothing however often the link or the page behind it is only fetched', async () => {
    for (let scan = 0; scan < 3; scan += 1) await new WebBrowser().open(link);
    const browser = new WebBrowser();
    const page = await browser.signIn(link, 'ada');
    for (let scan = 0; scan < 3; scan += 1) expect((await browser.open(page.url)).status).toBe(200);
    expect(house.events()).toEqual(['accepted c1']);
  });

  it('decides once when the button is pressed many times at once', async () => {
    const browser = new WebBrowser();
    const page = await browser.signIn(link, 'ada');
    const { status } = await browser.submit(page);
    expect(status).toBe(200);
    const again = await Promise.all(Array.from({ length: 5 }, () => browser.submit(page)));
    expect(again.map((view) => view.status)).toEqual([400, 400, 400, 400, 400]);
    expect(house.events().filter((event) => event === 'decided')).toHaveLength(1);
  });

  it('shows pages that nobody may keep, frame, or learn the address of', async () => {
    const page = await new WebBrowser().signIn(link, 'ada');
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringMatching(
        /default-src 'none'.*frame-ancestors 'none'.*style-src 'sha256-/u,
      ),
    });
    expect(page.html).not.toMatch(/<script|https?:/u);
  });
});

describe('a sign-in that does not count', () => {
  it('is one of somebody else, who got the link forwarded', async () => {
    const page = await new WebBrowser().signIn(link, 'ben');
    expect(page.text).toMatch(/This link is for Ada, and you signed in as Ben/u);
    expect(house.events()).toEqual(['refused wrong-person 0012']);
    expect((await new WebBrowser().open(link)).text).toMatch(/cannot be used/u);
  });

  it('is an old one that Entra did not ask for again', async () => {
    await house.withSignIn({ ageSeconds: 600 });
    expect((await new WebBrowser().signIn(link, 'ada')).text).toMatch(/older than 5 minutes/u);
    expect(house.events()).toEqual(['refused too-old 0011']);
  });

  it('is one that lay around before its button was pressed', async () => {
    const browser = new WebBrowser();
    const page = await browser.signIn(link, 'ada');
    house.now = () => Date.now() + 301_000;
    expect((await browser.submit(page)).text).toMatch(/older than 5 minutes/u);
    expect(house.events()).not.toContain('decided');
  });

  it('is one without the authentication context', async () => {
    await house.withSignIn({ context: 'withheld' });
    expect((await new WebBrowser().signIn(link, 'ada')).text).toMatch(/authentication context c1/u);
    expect(house.events()).toEqual(['refused no-context 0011']);
  });

  it.each([
    ['AADSTS53003', /conditional access policy/u],
    ['AADSTS65004', /cancelled/u],
    ['AADSTS1234567', /refused the sign-in \(AADSTS1234567\)/u],
  ])('is one that Entra refuses with %s, and the link can be tried again', async (error, reason) => {
    await house.withSignIn({ error });
    expect((await new WebBrowser().signIn(link, 'ada')).text).toMatch(reason);
    await house.withSignIn({ error: null });
    expect((await new WebBrowser().signIn(link, 'ada')).text).toMatch(/Approve, Ada/u);
  });

  it('is one that was used already', async () => {
    const browser = new WebBrowser();
    await browser.signIn(link, 'ada');
    const callback = browser.visited.find((url) => url.includes('/sign-in/callback')) ?? '';
    expect((await browser.open(callback)).text).toMatch(/used already/u);
    expect(house.events()).toEqual(['accepted c1', 'refused replayed nobody']);
  });

  it('is one whose link has expired, at every step', async () => {
    const browser = new WebBrowser();
    const page = await browser.signIn(link, 'ada');
    house.store.expireAll();
    for (const view of [await browser.open(link), await browser.open(page.url), await browser.submit(page)]) {
      expect(view.text).toMatch(/cannot be used/u);
    }
    expect(house.events()).toEqual(['accepted c1']);
  });
});

describe('a page behind the link', () => {
  it('is refused in another browser than the one that signed in', async () => {
    const page = await new WebBrowser().signIn(link, 'ada');
    const other = new WebBrowser();
    await other.open(link);
    expect((await other.open(page.url)).text).toMatch(/cannot be used/u);
    expect((await other.open(page.formAddress, page.hidden)).text).toMatch(/cannot be used/u);
    expect(house.events()).toEqual(['accepted c1']);
  });

  it('takes no answer of Entra that another browser brings, or that belongs to another link', async () => {
    const browser = new WebBrowser();
    await browser.signIn(link, 'ada');
    const second = await house.linkForAda();
    const victim = new WebBrowser();
    await victim.open(second);
    const callback = new URL(browser.visited.find((url) => url.includes('/sign-in/callback')) ?? '');
    expect((await victim.open(callback)).text).toMatch(/cannot be used/u);
    const [, mac] = (callback.searchParams.get('state') ?? '').split('.');
    callback.searchParams.set('state', `${second.pathname.split('/').at(-1)}.${mac}`);
    expect((await victim.open(callback)).text).toMatch(/cannot be used/u);
    expect(house.events()).toEqual(['accepted c1']);
  });

  it('takes no form from another page', async () => {
    const browser = new WebBrowser();
    const page = await browser.signIn(link, 'ada');
    const cookie = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await browser.open(page.formAddress, { token: 'x'.repeat(43) })).text).toMatch(/cannot be used/u);
    expect((await browser.open(page.formAddress, {})).text).toMatch(/cannot be used/u);
    const bare = await fetch(page.formAddress, { method: 'POST', headers: cookie, body: 'x'.repeat(5000) });
    expect(bare.status).toBe(415);
    const json = await fetch(page.formAddress, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(415);
    expect(house.events()).toEqual(['accepted c1']);
  });

  it.each([
    '/sign-in/x',
    '/sign-in/callback',
    '/sign-in/callback?state=a.b&code=c',
    `/sign-in/${'A'.repeat(43)}/decision`,
  ])('is not found out by guessing: %s', async (path) => {
    const view = await new WebBrowser().open(`${house.base}${path}`);
    expect([view.status, view.text]).toEqual([400, expect.stringMatching(/cannot be used/u)]);
    expect(house.events()).toEqual([]);
  });
});

describe('an administrator of a customer', () => {
  const contoso = 'c0000000-0000-4000-8000-000000000001';
  const ask = (): Promise<{ id: string; url: URL }> =>
    house.consent.begin({ tenantId: contoso, requesterId: adaId, conversation: 'mail-ops' }, { actor: null });

  it('signs in to the own tenant, and consents in the same browser', async () => {
    const { id, url } = await ask();
    const browser = new WebBrowser();
    const question = await browser.signIn(url, 'administrator');
    expect(question.text).toMatch(/asks an administrator of contoso/u);
    const asked = browser.visited.filter((address) => address.includes(`/${contoso}/oauth2/v2.0/authorize`));
    expect(asked.map((address) => new URL(address).searchParams.get('claims'))).toEqual([null, null]);
    const page = await browser.submit(question, { decision: 'accept' });
    expect(page.text).toMatch(/Consent is given/u);
    expect((await house.consent.standingOf(id))?.outcome).toEqual({ kind: 'granted' });
    const entry = { action: 'sign-in', tenantId: contoso, outcome: 'accepted', requestId: consentName(id) };
    expect(house.store.trail).toMatchObject([{ ...entry, actor: { tenantId: contoso } }]);
  });

  it('is not believed to have come back in a browser in which nobody has signed in', async () => {
    const { id, url } = await ask();
    const state = url.searchParams.get('state') ?? '';
    const other = new WebBrowser();
    await other.open(url);
    const callback = `${house.base}/consent/callback?admin_consent=True&tenant=${contoso}&state=${encodeURIComponent(state)}`;
    expect((await other.open(callback)).text).toMatch(/another browser|cannot be used/u);
    expect((await house.consent.standingOf(id))?.outcome).toEqual({ kind: 'open' });
  });
});
