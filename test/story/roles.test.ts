import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buttonData } from '../support/button-data.ts';
import { groupPolicyFile } from '../support/group-policy.ts';
import { RunningBot } from '../support/running-bot.ts';
import { signInLinkIn } from '../support/sign-in-link.ts';
import { answerTo, askFor, isProven, moveMx, newTenant, provenCards, setUp, writesOf } from '../support/story.ts';
import { WebBrowser } from '../support/web-browser.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let bot: RunningBot;
let count = 0;
let tenant = '';
let domain = '';

beforeAll(async () => {
  bot = await RunningBot.start({
    speed: 60,
    variables: { APPROVAL_POLICY_FILE: groupPolicyFile('fresh-sign-in-or-two') },
  });
});

beforeEach(async () => {
  count += 1;
  tenant = `roles${String.fromCharCode(96 + count)}`;
  domain = await newTenant(bot, tenant);
});

afterEach(async () => {
  await clearFaults();
  await onCall('ben', 'gus');
});

afterAll(() => bot?.stop());

const ask = (): ReturnType<typeof askFor> => askFor(bot, `set up gateway exchangedefender for ${domain}`);
const onCall = (...members: string[]): Promise<unknown> =>
  bot.control('groups', { group: 'Mail flow on call', members }, 'PUT');
const graphIsDown = (): Promise<unknown> =>
  bot.control('faults', { where: 'graph', match: { tenant: 'home' }, kind: 'server-error-before', times: null });
const clearFaults = async (): Promise<void> => {
  await fetch(`${bot.page}/control/faults`, { method: 'DELETE' });
};
/** The next reads of the tenant take so long that something else can happen before the run. */
const slowReads = (): Promise<unknown> =>
  bot.control('faults', { where: 'exchange', match: { tenant }, kind: 'slow', delayMs: 2000, times: 2 });

describe('roles from groups of the home tenant', () => {
  it('let a member of a group inside the group approve, and nobody else', async () => {
    const { cardId } = await ask();
    for (const person of ['eve', 'gus', 'omar', 'rita']) {
      expect(await bot.click(person, cardId, 'approve')).toMatchObject({ outcome: 'error' });
    }
    expect((await answerTo(bot, `unlock ${domain}`, 'ben')).text).toMatch(/requester/u);
    expect((await bot.click('ben', cardId, 'approve')).outcome).toBe('card');
    await bot.reads(cardId, isProven);
  });

  it('are read again before the run: of an approver who was removed meanwhile nothing is carried out', async () => {
    const { cardId } = await ask();
    await slowReads();
    expect((await bot.click('ben', cardId, 'approve')).outcome).toBe('card');
    await onCall('gus');

    await bot.hears('mail-ops', /the approval no longer counts, nothing was started/u);

    const { text } = await bot.reads(cardId, /Waits for an approver/u);
    expect(text).not.toMatch(/Proven/u);
    expect(await writesOf(bot, tenant)).toEqual([]);
    expect((await bot.click('ada', cardId, 'approve')).outcome).toBe('card');
    await bot.reads(cardId, isProven);
  });

  it('refuse a click while they cannot be read, with the reason, and take it again afterwards', async () => {
    const { cardId } = await ask();
    await bot.control('clock', { advance: '6m' });
    await graphIsDown();
    const refused = await bot.click('ada', cardId, 'approve');
    expect(refused).toMatchObject({
      outcome: 'error',
      text: expect.stringMatching(/cannot be read who may do what now.*Try again in a minute/u),
    });
    await bot.reads(cardId, /Waits for an approver/u);
    expect((await answerTo(bot, 'pending', 'eve')).text).toContain(domain);
    expect((await answerTo(bot, `unlock ${domain}`, 'omar')).text).toMatch(/cannot be read who may do what now/u);

    await clearFaults();
    expect((await bot.click('ada', cardId, 'approve')).outcome).toBe('card');
    await bot.reads(cardId, isProven);
  });

  it('hold the start of a run while they cannot be read, and never let it pass', async () => {
    const { cardId } = await ask();
    await slowReads();
    expect((await bot.click('ada', cardId, 'approve')).outcome).toBe('card');
    await graphIsDown();

    await bot.hears('mail-ops', /cannot start yet.*The approval stays.*cannot be read who may do what/su);

    expect(await writesOf(bot, tenant)).toEqual([]);
    await bot.reads(cardId, /Approved – cannot start yet/u);
    await clearFaults();
    await bot.reads(cardId, isProven);
  });

  it('let a held start go on by itself once they can be read again', async () => {
    const { cardId } = await ask();
    await slowReads();
    expect((await bot.click('ada', cardId, 'approve')).outcome).toBe('card');
    // As often as one reading asks before it gives up.
    await bot.control('faults', { where: 'graph', match: { tenant: 'home' }, kind: 'server-error-before', times: 3 });
    await bot.reads(cardId, isProven);
  });
});

describe('fifty approvers', () => {
  it('who click at once make one decision, and one card says so', async () => {
    const more = Array.from({ length: 49 }, (_, index) => `clicker-${index}`);
    await bot.control('members', { add: more.map((id) => ({ id, name: id })) });
    await onCall('ben', ...more);
    const request = await ask();

    const data = buttonData((await bot.message(request.cardId)).card, 'approve');
    const clicks = ['ben', ...more].map((person) => bot.click(person, request.cardId, 'approve', { data }));
    const outcomes = (await Promise.all(clicks)).map(({ outcome }) => outcome);

    expect(outcomes.filter((outcome) => outcome === 'card')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'error')).toHaveLength(49);
    await bot.reads(request.cardId, isProven);
    const { decisions, accepted } = await bot.onRecord(request.id);
    expect([decisions.length, accepted['approve']]).toEqual([1, 1]);
    const cards = await provenCards(bot, request);
    expect(cards.map(({ id }) => id)).toEqual([request.cardId]);
    expect(cards[0]?.text).toContain(decisions[0]?.replace(/ approve$/u, ''));
    expect(await writesOf(bot, tenant)).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
  });
});

describe('a plan that needs two approvers, or one who has signed in', () => {
  async function lockDown(): Promise<string> {
    await setUp(bot, domain);
    await moveMx(bot, domain);
    return (await askFor(bot, `lock down ${domain}`)).cardId;
  }

  it('is approved by one who clicks, and then signs in', async () => {
    const cardId = await lockDown();
    await bot.click('ada', cardId, 'approve');
    await bot.reads(cardId, /1 of 2 approvals/u);
    const browser = new WebBrowser();
    const page = await browser.signIn(signInLinkIn(await bot.click('ada', cardId, 'approve')), 'ada');
    expect((await browser.submit(page)).text).toMatch(/Approved/u);
    await bot.reads(cardId, isProven);
  });

  it('is approved by two who click', async () => {
    const cardId = await lockDown();
    await bot.click('ada', cardId, 'approve');
    await bot.reads(cardId, /1 of 2 approvals/u);
    expect((await bot.click('ben', cardId, 'approve')).outcome).toBe('card');
    await bot.reads(cardId, isProven);
  });
});
