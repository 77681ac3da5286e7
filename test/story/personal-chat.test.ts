import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { RunningBot } from '../support/running-bot.ts';
import { isProven, newTenant, writesOf } from '../support/story.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let bot: RunningBot;

beforeAll(async () => {
  bot = await RunningBot.start();
});

afterAll(() => bot?.stop());

/** The newest message of the bot there that says this. */
const messageIn = (conversation: string, wanted: RegExp) =>
  eventually(
    async () => (await bot.messages(conversation)).findLast(({ from, text }) => from.bot && wanted.test(text)),
    60_000,
  );

describe('a request made in a personal chat', () => {
  it('is decided on a card where approvals go, and both cards and the requester tell how it ended', async () => {
    const domain = await newTenant(bot, 'personal');
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
    expect(await writesOf(bot, 'personal')).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
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
