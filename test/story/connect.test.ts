import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CookieBrowser, linkOn } from '../support/cookie-browser.ts';
import { RunningBot } from '../support/running-bot.ts';
import { answerTo, askFor, connectorOf, isProven, moveMx, setUp } from '../support/story.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let bot: RunningBot;

beforeAll(async () => {
  bot = await RunningBot.start();
});

afterAll(() => bot?.stop());

/** Asks for the link of a tenant and waits until its card tells how far the tenant lets us in. */
async function connect(tenant: string, reads: RegExp): Promise<{ cardId: string; link: string }> {
  const card = await answerTo(bot, `connect ${tenant}`);
  const seen = await bot.reads(card.id, reads);
  return { cardId: card.id, link: linkOn(seen.card) };
}

describe('connecting a tenant', () => {
  it('leads from the link over the consent page and the missing role to a tenant that is proven connected', async () => {
    // As slow as the real directory usually is.
    const usual = { roleSeconds: 900, consentSeconds: 10, graphSeconds: 30 };
    await bot.control('directory', { tenant: 'tailspin', switches: usual }, 'PUT');
    const { cardId, link } = await connect('tailspin', /Not connected/u);
    expect((await bot.message(cardId)).text).toMatch(/✗[\s\S]*Consent[\s\S]*missing/u);

    const browser = new CookieBrowser();
    const asked = await browser.open(link);
    expect(asked.html).toMatch(/REHEARSAL[\s\S]*tailspin[\s\S]*Exchange\.ManageAsApp/u);
    const back = await browser.submit({ decision: 'accept' });
    expect([back.status, back.html]).toEqual([200, expect.stringContaining('Consent is given')]);

    await bot.reads(cardId, /all the way[\s\S]*a token of exactly this tenant proved it[\s\S]*role/u);
    await bot.hears('mail-ops', /tailspin gave consent, and something is still missing/u);

    await bot.control('directory', { tenant: 'tailspin', hasDirectoryRole: true }, 'PUT');
    await bot.click('rita', cardId, 'connect-check');
    await bot.reads(cardId, /all the way[\s\S]*if it was given already, wait and look again/u);
    await bot.control('clock', { advance: '2h' });
    expect(await bot.click('rita', cardId, 'connect-check')).toMatchObject({ outcome: 'card' });
    const connected = await bot.reads(cardId, /✓ Connected/u);
    expect(connected.text).toContain('tailspin.example');
    expect(linkOn(connected.card)).toBe('');
    // Its domains are known from now on.
    const plan = await answerTo(bot, 'set up gateway exchangedefender for tailspin.example');
    await bot.reads(plan.id, /Waits for an approver/u);
  });

  it('explains what wingtip took away, and takes no for an answer in words', async () => {
    const { cardId, link } = await connect('wingtip.onmicrosoft.com', /Not connected/u);
    expect((await bot.message(cardId)).text).toMatch(/removed|not known there|consent/iu);
    const browser = new CookieBrowser();
    await browser.open(link);
    const back = await browser.submit({ decision: 'cancel' });
    expect([back.status, back.html]).toEqual([400, expect.stringContaining('declined to consent')]);
    expect((await bot.hears('mail-ops', /wingtip does not let Switchyard in/u)).text).toContain('declined');
    const used = await browser.open(link);
    expect([used.status, used.html]).toEqual([400, expect.stringContaining('cannot be used')]);
    // The card offers a new link to whoever checks again.
    await bot.click('omar', cardId, 'connect-check');
    const again = await bot.reads(cardId, /Open the consent page[\s\S]*|opens the link/u);
    expect(linkOn(again.card)).not.toBe(link);
  });

  it('believes neither another browser nor another tenant', async () => {
    const { cardId, link } = await connect('wingtip', /Not connected/u);
    const state = new URL(link).searchParams.get('state') ?? '';
    const contoso = 'c0000000-0000-4000-8000-000000000001';
    const callback = (tenant: string): string =>
      `${new URL(link).origin}/consent/callback?admin_consent=True&tenant=${tenant}&state=${state}`;
    expect((await new CookieBrowser().open(callback(contoso))).html).toContain('another browser');
    const browser = new CookieBrowser();
    await browser.open(link);
    const forged = await browser.open(callback(contoso));
    expect([forged.status, forged.html]).toEqual([400, expect.stringContaining('another organisation')]);
    await bot.reads(cardId, /another organisation/u);
  });

  it('shows a connected tenant as such, by any of its names', async () => {
    for (const name of ['contoso', 'contoso.com', 'c0000000-0000-4000-8000-000000000001']) {
      const card = await answerTo(bot, `access ${name}`, 'eve');
      expect(card.text).toMatch(/✓ Connected[\s\S]*sales\.contoso\.com/u);
      expect(linkOn(card.card)).toBe('');
    }
  });

  it('tells how far a tenant without a permission or a role gets', async () => {
    await bot.control('directory', { tenant: 'fabrikam', hasDirectoryRole: false }, 'PUT');
    await bot.control('clock', { advance: '2h' });
    expect((await answerTo(bot, 'access fabrikam')).text).toMatch(/403[\s\S]*Exchange Administrator role/u);
    await bot.control('directory', { tenant: 'fabrikam', hasExchangeRole: false }, 'PUT');
    await bot.control('clock', { advance: '2h' });
    expect((await answerTo(bot, 'access fabrikam')).text).toMatch(/Exchange\.ManageAsApp is missing[\s\S]*401/u);
  });

  it('lets a lock-down be proved at the host that Microsoft names, and leaves it unproven where Microsoft may not say', async () => {
    const domain = 'woodgrove.example';
    await setUp(bot, domain);
    await moveMx(bot, domain);
    const locking = await askFor(bot, `lock down ${domain}`);
    await bot.click('ben', locking.cardId, 'approve');
    expect((await bot.reads(locking.cardId, isProven)).text).toContain('woodgrove-example.n-v1.mx.microsoft');

    await bot.control('directory', { tenant: 'woodgrove', graphPermissions: [] }, 'PUT');
    const unlocking = await askFor(bot, `unlock ${domain}`);
    await bot.click('ada', unlocking.cardId, 'approve');
    // It settles for one real second only, in which its card may not be drawn.
    await bot.reads(unlocking.cardId, /settling|proving/iu);
    await bot.control('clock', { advance: '2h' });
    expect((await bot.reads(unlocking.cardId, /not proven/iu)).text).toContain('Domain.Read.All');
    expect(await connectorOf(bot, 'woodgrove')).toMatchObject({ Enabled: false });
    const again = await askFor(bot, `lock down ${domain}`);
    expect((await bot.message(again.cardId)).text).toMatch(/Refused[\s\S]*Domain\.Read\.All/u);
  });

  it('is for requesters, and never acts on a guess', async () => {
    expect((await answerTo(bot, 'connect tailspin', 'eve')).text).toContain('Only a requester');
    expect((await answerTo(bot, 'connect tailspn')).text).toMatch(/no tenant tailspn[\s\S]*Did you mean tailspin/u);
    expect((await answerTo(bot, 'connect')).text).toMatch(/name of the tenant is missing/u);
    expect((await answerTo(bot, 'connect wingtip.example')).text).toMatch(/Not connected yet[\s\S]*wingtip/u);
    const { cardId } = await connect('wingtip', /Not connected/u);
    expect(await bot.click('eve', cardId, 'connect-check')).toMatchObject({ outcome: 'error' });
  });
});
