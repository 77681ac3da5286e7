import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RunningBot } from '../support/running-bot.ts';
import { answerTo, askFor, isProven, newTenant, writesOf } from '../support/story.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const ben = '11111111-0000-4000-8000-000000000012';

let bot: RunningBot;

beforeAll(async () => {
  bot = await RunningBot.start({ speed: 60 });
});

afterAll(() => bot?.stop());

describe('the approval policy', () => {
  it('is changed by a request that somebody else approves, and decides on what was open already', async () => {
    const domain = await newTenant(bot, 'policya');
    const open = await askFor(bot, `set up gateway exchangedefender for ${domain}`);
    const change = await askFor(bot, 'change policy rules.normal.quorum to 2', 'omar');
    expect(await bot.click('omar', change.cardId, 'approve')).toMatchObject({ outcome: 'error' });
    expect((await bot.click('ada', change.cardId, 'approve')).outcome).toBe('card');
    await bot.reads(change.cardId, /✓ Done\s+R-/u);

    await bot.reads(open.cardId, /0 of 2 approvals; still needed: 2 of approvers/u);
    expect((await bot.click('ada', open.cardId, 'approve')).outcome).toBe('card');
    await bot.reads(open.cardId, /1 of 2 approvals; still needed: one more of approvers/u);
    expect(await writesOf(bot, 'policya')).toEqual([]);
    expect((await bot.click('ben', open.cardId, 'approve')).outcome).toBe('card');
    await bot.reads(open.cardId, isProven);
  });

  it('does not let the last but one approver go while two are needed', async () => {
    const asked = await answerTo(bot, `change policy rings.approvers.people to remove ${ben}`);
    await bot.reads(asked.id, /asks for 2 approvals, but approvers have 1 people/u);
  });

  it('is shown to anybody who asks', async () => {
    const { text } = await answerTo(bot, 'policy', 'eve');
    expect(text).toMatch(/Version 2[\s\S]+asked for by Omar[\s\S]+rules\.normal\.quorum\s+2/u);
  });
});
