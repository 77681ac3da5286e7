import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { groupPolicyFile } from '../support/group-policy.ts';
import { RunningBot } from '../support/running-bot.ts';
import { signInLinkIn } from '../support/sign-in-link.ts';
import { askFor, isProven, moveMx, newTenant, setUp, writesOf } from '../support/story.ts';
import { WebBrowser } from '../support/web-browser.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let bot: RunningBot;

beforeAll(async () => {
  bot = await RunningBot.start({
    speed: 120,
    variables: { APPROVAL_POLICY_FILE: groupPolicyFile('fresh-sign-in') },
  });
});

afterAll(() => bot?.stop());

/** A request whose plan stops mail if it is wrong: nobody approves it by a click. */
async function lockDown(name: string): Promise<{ id: string; cardId: string; domain: string }> {
  const domain = await newTenant(bot, name);
  await setUp(bot, domain);
  await moveMx(bot, domain);
  return { ...(await askFor(bot, `lock down ${domain}`)), domain };
}

describe('a plan that may stop mail', () => {
  it('is approved by an approver who signs in afresh, and by no click', async () => {
    const { id, cardId } = await lockDown('signed');
    const before = await writesOf(bot, 'signed');
    const link = signInLinkIn(await bot.click('ada', cardId, 'approve'));
    expect(link).toMatch(new RegExp(`^http://127.0.0.1:${bot.port}/sign-in/[\\w-]{43}$`, 'u'));
    await bot.reads(cardId, /Waits for an approver/u);

    const browser = new WebBrowser();
    const page = await browser.signIn(link, 'ada');
    const fingerprint = /[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}/u.exec((await bot.message(cardId)).text)?.[0];
    expect(page.text).toContain(`Fingerprint ${fingerprint}`);
    expect(page.text).toMatch(
      new RegExp(`Approve this change\\?.*Ada.*Nothing is decided yet.*${id}.*signed.*Rita`, 'u'),
    );
    expect(page.text).toContain('REHEARSAL');
    await bot.reads(cardId, /Waits for an approver/u);
    expect(await writesOf(bot, 'signed')).toEqual(before);

    expect((await browser.submit(page)).text).toMatch(/Approved.*is recorded/u);
    await bot.reads(cardId, isProven);
  });

  it('stays undecided when a colleague follows the link, or signs in as somebody without the right', async () => {
    const { cardId } = await lockDown('forwarded');
    const forwarded = signInLinkIn(await bot.click('ada', cardId, 'approve'));
    expect((await new WebBrowser().signIn(forwarded, 'ben')).text).toMatch(/This link is for Ada/u);
    const own = await bot.click('rita', cardId, 'approve');
    expect(own).toMatchObject({ outcome: 'error', text: expect.stringMatching(/approver|own/u) });
    expect(await bot.click('gus', cardId, 'approve')).toMatchObject({ outcome: 'error' });
    await bot.reads(cardId, /Waits for an approver/u);
  });

  it('is not approved by a sign-in that was made for the plan before', async () => {
    const { cardId } = await lockDown('outdated');
    const old = new WebBrowser();
    const oldPage = await old.signIn(signInLinkIn(await bot.click('ada', cardId, 'approve')), 'ada');
    const browser = new WebBrowser();
    const page = await browser.signIn(signInLinkIn(await bot.click('ben', cardId, 'approve')), 'ben');
    await slowReads('outdated');
    expect((await browser.submit(page)).text).toMatch(/Approved/u);
    await bot.control('groups', { group: 'Mail flow on call', members: [] }, 'PUT');
    await bot.hears('mail-ops', /the approval no longer counts, nothing was started/u);
    await bot.control('groups', { group: 'Mail flow on call', members: ['ben'] }, 'PUT');

    expect((await old.submit(oldPage)).text).toMatch(/The plan has changed since you clicked/u);
    await bot.reads(cardId, /Waits for an approver/u);
  });

  it('is decided once, however many approvers have signed in', async () => {
    const { cardId } = await lockDown('raced');
    const signedIn = await Promise.all(
      ['ada', 'ben'].map(async (person) => {
        const browser = new WebBrowser();
        return {
          browser,
          page: await browser.signIn(signInLinkIn(await bot.click(person, cardId, 'approve')), person),
        };
      }),
    );
    const views = await Promise.all(signedIn.map(({ browser, page }) => browser.submit(page)));
    expect(views.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
    await bot.reads(cardId, isProven);
  });
});

/** The next reads of the tenant take so long that something else can happen before the run. */
async function slowReads(tenant: string): Promise<void> {
  await bot.control('faults', { where: 'exchange', match: { tenant }, kind: 'slow', delayMs: 2000, times: 2 });
}
