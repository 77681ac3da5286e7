import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buttonData } from '../support/button-data.ts';
import { eventually } from '../support/eventually.ts';
import { RunningBot } from '../support/running-bot.ts';
import {
  answerTo,
  askFor,
  colleague,
  connectorOf,
  isProven,
  newTenant,
  provenCards,
  setUp,
  writesOf,
} from '../support/story.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let bot: RunningBot;
let count = 0;
let tenant = '';
let domain = '';

beforeAll(async () => {
  bot = await RunningBot.start();
});

beforeEach(async () => {
  count += 1;
  tenant = `approval${String.fromCharCode(96 + count)}`;
  domain = await newTenant(bot, tenant);
});

afterAll(() => bot?.stop());

const ask = (): ReturnType<typeof askFor> => askFor(bot, `set up gateway exchangedefender for ${domain}`);

/** The newest message of the bot there that says this. */
const messageIn = (conversation: string, wanted: RegExp) =>
  eventually(
    async () => (await bot.messages(conversation)).findLast(({ from, text }) => from.bot && wanted.test(text)),
    60_000,
  );

describe('a request made in a personal chat', () => {
  it('is decided on a card where approvals go, and both cards and the requester tell how it ended', async () => {
    await bot.say('rita', 'personal:rita', `set up gateway exchangedefender for ${domain}`);
    const own = await messageIn('personal:rita', /Waits for an approver/u);
    const [id = ''] = /R-[0-9A-Z]{8}/u.exec(own.text) ?? [];
    const copy = await messageIn('alerts', new RegExp(`Waits for an approver[^]*${id}`, 'u'));
    expect(copy).toMatchObject({ alert: true });

    const elsewhere = await bot.click('ada', copy.id, 'approve', { conversation: 'mail-ops' });
    expect(elsewhere).toMatchObject({ outcome: 'error', text: expect.stringContaining('another conversation') });
    expect(await bot.click('ada', copy.id, 'approve')).toMatchObject({ outcome: 'card' });

    await bot.reads(own.id, isProven);
    await bot.reads(copy.id, isProven);
    expect(await writesOf(bot, tenant)).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
    const notices = await eventually(async () => {
      const said = await bot.messages('personal:rita');
      const found = said.filter(({ id: message, text }) => message !== own.id && /\n✓ Proven\n/u.test(text));
      return found.length > 0 && found;
    }, 60_000);
    expect(notices).toHaveLength(1);
  });

  it('comes with times that no client has to write', async () => {
    const [card] = (await bot.messages('alerts')).filter(({ text }) => text.includes('✓ Proven'));
    expect(card?.text).toMatch(/ended at \d\d? \w{3} \d{4}, \d\d:\d\d UTC/u);
    expect(JSON.stringify(card)).not.toContain('{{');
  });
});

describe('approval', () => {
  it('is refused to the requester, to a member without a role and to a guest, with the reason', async () => {
    const { cardId } = await ask();
    for (const person of ['rita', 'omar', 'eve', 'gus']) {
      const answer = await bot.click(person, cardId, 'approve');
      expect(answer).toMatchObject({ outcome: 'error', text: expect.stringMatching(/approver|role|guest/iu) });
    }
    expect(await writesOf(bot, tenant)).toEqual([]);
  });

  it('counts once when two approvers click at the same moment', async () => {
    const { cardId } = await ask();
    const data = buttonData((await bot.message(cardId)).card, 'approve');
    const answers = await Promise.all(['ada', 'ben'].map((person) => bot.click(person, cardId, 'approve', { data })));
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['card', 'error']);
    await bot.reads(cardId, isProven);
    expect(await writesOf(bot, tenant)).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
  });

  it.each([
    ['with the same id, one after the other', { newId: false, concurrent: false }],
    ['with the same id, all at once', { newId: false, concurrent: true }],
    ['with a new id, one after the other', { newId: true, concurrent: false }],
    ['with a new id, all at once', { newId: true, concurrent: true }],
  ])('counts once when the click is delivered four times %s', async (_how, deliver) => {
    const request = await ask();
    await bot.click('ada', request.cardId, 'approve', { deliver: { times: 4, ...deliver } });
    await bot.reads(request.cardId, isProven);

    expect(await bot.onRecord(request.id)).toMatchObject({
      decisions: [expect.stringMatching(/^Ada.* approve$/u)],
      accepted: { approve: 1 },
    });
    expect((await provenCards(bot, request)).map(({ id }) => id)).toEqual([request.cardId]);
    expect(await writesOf(bot, tenant)).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
  });

  it('is refused on a card that comes from another conversation', async () => {
    const { cardId } = await ask();
    const answer = await bot.click('ada', cardId, 'approve', { conversation: 'alerts' });
    expect(answer).toMatchObject({ outcome: 'error', text: expect.stringContaining('another conversation') });
    expect(await writesOf(bot, tenant)).toEqual([]);
  });

  it('is refused when the button carries something we did not put there', async () => {
    const { id, cardId } = await ask();
    const forgeries = [
      {},
      { requestId: id },
      { requestId: id, digest: '0'.repeat(16), nonce: 'abcdefgh12345678' },
      { requestId: id, digest: 'x'.repeat(10_000), nonce: 'abcdefgh12345678' },
      { requestId: { $ne: null }, digest: ['a'], nonce: 7, tenant: 'contoso' },
    ];
    for (const data of forgeries) {
      expect(await bot.click('ada', cardId, 'approve', { data })).toMatchObject({ outcome: 'error' });
    }
    expect(await writesOf(bot, tenant)).toEqual([]);
  });

  it('is void when the tenant changed after the plan, and the card shows what changed', async () => {
    await setUp(bot, domain);
    const connector = await connectorOf(bot, tenant);
    await colleague(bot, tenant, 'Set-InboundConnector', { Identity: connector?.['Name'], RequireTls: false });
    const { cardId } = await ask();
    await colleague(bot, tenant, 'Set-InboundConnector', {
      Identity: connector?.['Name'],
      RequireTls: false,
      SenderIPAddresses: ['192.0.2.1'],
    });
    const before = (await writesOf(bot, tenant)).length;

    await bot.click('ada', cardId, 'approve');

    const card = await bot.reads(cardId, /Not the plan that was shown before[\s\S]*SenderIPAddresses/u);
    expect(card.text).toContain('192.0.2.1');
    expect((await writesOf(bot, tenant)).length).toBe(before);
    await bot.hears('mail-ops', new RegExp(`${tenant} has changed, the approval no longer counts`, 'u'));
    expect(await bot.click('ben', cardId, 'approve')).toMatchObject({ outcome: 'card' });
    await bot.reads(cardId, isProven);
    expect(await connectorOf(bot, tenant)).toMatchObject({ RequireTls: true, SenderIPAddresses: ['65.99.255.0/24'] });
  });

  it('ends with nothing to do when a colleague has meanwhile done it', async () => {
    await setUp(bot, domain);
    const { Name } = (await connectorOf(bot, tenant)) ?? {};
    await colleague(bot, tenant, 'Set-InboundConnector', { Identity: Name, RequireTls: false });
    const { cardId } = await ask();
    await colleague(bot, tenant, 'Set-InboundConnector', { Identity: Name, RequireTls: true });

    await bot.click('ada', cardId, 'approve');

    await bot.reads(cardId, /Nothing to do/u);
  });

  it('comes too late after the time to decide', async () => {
    const { cardId } = await ask();
    await bot.control('clock', { advance: '5h' });
    await bot.reads(cardId, /Expired/u);
    const forged = await bot.click('ada', cardId, 'approve', { data: {} });
    expect(forged.outcome).toBe('error');
    expect(await writesOf(bot, tenant)).toEqual([]);
  });

  it('is not needed for a denial or a withdrawal, which change nothing', async () => {
    const denied = await ask();
    await bot.click('ben', denied.cardId, 'deny');
    await bot.reads(denied.cardId, /Denied – nothing was changed/u);

    const cancelled = await ask();
    expect((await bot.click('eve', cancelled.cardId, 'cancel')).outcome).toBe('error');
    await bot.say('rita', 'mail-ops', `cancel ${cancelled.id.toLowerCase()}`);
    await bot.reads(cancelled.cardId, /Cancelled – nothing was changed/u);
    expect(await writesOf(bot, tenant)).toEqual([]);
  });
});

describe('a message', () => {
  it('acts once when it is delivered twice, also with a new id', async () => {
    const text = `set up gateway exchangedefender for ${domain}`;
    const { activityId } = await bot.say('rita', 'mail-ops', text, { deliver: { times: 2, newId: true } });
    await bot.firstReply('mail-ops', activityId);
    await bot.say('rita', 'mail-ops', text);
    const pending = await eventually(async () => {
      const { text: shown } = await answerTo(bot, 'pending');
      return shown.includes(domain) && shown;
    });
    expect(pending.split(domain).length - 1).toBe(1);
  });

  it('never acts when it was edited into a command, quoted, forwarded, or written by a bot', async () => {
    const { activityId } = await bot.say('rita', 'mail-ops', 'good morning');
    await bot.control('edits', {
      as: 'rita',
      messageId: activityId,
      text: `set up gateway exchangedefender for ${domain}`,
    });
    const asked = await bot.say('omar', 'mail-ops', `unrelated`, {});
    await bot.say('omar', 'mail-ops', 'what about this', { quote: activityId });
    await bot.say('omar', 'mail-ops', 'fyi', { forward: activityId });
    await bot.say('bot:flow', 'mail-ops', `set up gateway exchangedefender for ${domain}`);
    await bot.firstReply('mail-ops', asked.activityId);
    expect((await answerTo(bot, 'pending')).text).not.toContain(domain);
  });

  it('is refused with its length when it is far too long, and answered when it is empty', async () => {
    expect((await answerTo(bot, 'x'.repeat(10_000))).text).toMatch(/10000 characters/u);
    expect((await answerTo(bot, '')).text).toMatch(/lock down/u);
  });

  it.each([
    ['set up gateway exchangedefender for cont0so.com', /contoso\.com/u],
    ['set up gateway exchangedefender for contosо.com', /contoso\.com|mix|script/iu],
    ['lock down \u202Emoc.osotnoc', /contoso\.com|not|understand/iu],
    ['lock down contoso.con', /contoso\.com/u],
    ['set up gateway exchangedefendr for contoso.com', /exchangedefender/u],
    ['lokc down contoso.com', /lock down contoso\.com/u],
  ])('is asked back and never guessed: %s', async (text, expected) => {
    const { id, text: answer } = await answerTo(bot, text);
    expect(answer).toMatch(expected);
    expect(answer).not.toMatch(/R-[0-9A-Z]{8}/u);
    await bot.reads(id, expected);
    expect((await answerTo(bot, 'status')).text).not.toContain('cont0so');
  });

  it('asks for nothing when a person without the role writes it', async () => {
    expect((await answerTo(bot, `set up gateway exchangedefender for ${domain}`, 'eve')).text).toMatch(/requester/u);
    expect((await answerTo(bot, `unlock ${domain}`, 'ada')).text).toMatch(/requester/u);
  });
});
