import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { RunningBot } from '../support/running-bot.ts';
import {
  type AskedRequest,
  answerTo,
  askFor,
  connectorOf,
  isProven,
  moveMx,
  newTenant,
  setUp,
  writesOf,
} from '../support/story.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let bot: RunningBot;

beforeAll(async () => {
  bot = await RunningBot.start();
});

afterEach(async () => {
  await fetch(`${bot.page}/control/faults`, { method: 'DELETE' });
});

afterAll(() => bot?.stop());

async function approvedIn(tenant: string): Promise<AskedRequest> {
  const domain = await newTenant(bot, tenant);
  const request = await askFor(bot, `set up gateway exchangedefender for ${domain}`);
  await bot.click('ada', request.cardId, 'approve');
  return request;
}

async function isSetUpOnce(tenant: string, { cardId }: AskedRequest): Promise<void> {
  await bot.reads(cardId, isProven);
  expect(await writesOf(bot, tenant)).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
  expect(await connectorOf(bot, tenant)).toMatchObject({ Enabled: false, EFSkipIPs: ['65.99.255.0/24'] });
}

describe('a bot that is killed once, in the middle of several requests', () => {
  let waiting: AskedRequest;
  let approved: AskedRequest;
  let settling: AskedRequest;

  beforeAll(async () => {
    const locked = await newTenant(bot, 'killedd');
    await setUp(bot, locked);
    await moveMx(bot, locked);
    waiting = await askFor(bot, `set up gateway exchangedefender for ${await newTenant(bot, 'killede')}`);
    await bot.control('clock', { speed: 10 });
    settling = await askFor(bot, `lock down ${locked}`);
    await bot.click('ben', settling.cardId, 'approve');
    await bot.reads(settling.cardId, /settling/u);
    approved = await approvedIn('killeda');
    await bot.kill();
    await bot.control('clock', { speed: 60 });
    await bot.restart();
  });

  it('right after an approval carries it out when it is back', async () => {
    await isSetUpOnce('killeda', approved);
  });

  it('while a lock-down settles goes on waiting and proves it', async () => {
    await bot.reads(settling.cardId, isProven);
    const enabled = (await writesOf(bot, 'killedd')).filter((cmdlet) => cmdlet === 'Set-InboundConnector');
    expect(enabled).toHaveLength(2);
  });

  it('keeps a request that waits for its decision, and its card works afterwards', async () => {
    expect((await answerTo(bot, 'pending')).text).toContain(waiting.id);
    await bot.click('ada', waiting.cardId, 'approve');
    await isSetUpOnce('killede', waiting);
  });
});

describe('a bot that is killed', () => {
  it.each([
    ['killedb', 'New-InboundConnector'],
    ['killedc', 'Set-InboundConnector'],
  ])('while a write is under way does not repeat it (%s, %s)', async (tenant, cmdlet) => {
    await bot.control('faults', {
      where: 'exchange',
      kind: 'slow',
      match: { tenant, cmdlet },
      delayMs: 1500,
      times: 1,
    });
    const request = await approvedIn(tenant);
    await eventually(async () => {
      const armed = await bot.control<unknown[]>('faults');
      return armed.length === 0;
    });
    await bot.kill();
    await eventually(async () => (await writesOf(bot, tenant)).includes(cmdlet));
    await bot.restart();
    await isSetUpOnce(tenant, request);
  });

  it('at random moments, again and again, ends with the work done once', async () => {
    const request = await approvedIn('killedf');
    for (const pause of [40, 120, 15, 200]) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await bot.kill();
      await bot.restart();
    }
    await isSetUpOnce('killedf', request);
  });

  it('cleanly stops at a signal and says nothing of errors', async () => {
    const before = bot.output.length;
    await bot.kill('SIGTERM');
    expect(bot.output.slice(before)).not.toMatch(/error/iu);
    await bot.restart();
    expect((await answerTo(bot, 'status')).text).toContain('killeda');
  });
});
