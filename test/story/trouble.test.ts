import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RunningBot } from '../support/running-bot.ts';
import { answerTo, askFor, connectorOf, isProven, newTenant, setUp, writesOf } from '../support/story.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const ada = '11111111-0000-4000-8000-000000000011';

let bot: RunningBot;

beforeAll(async () => {
  bot = await RunningBot.start();
});

afterEach(async () => {
  await fetch(`${bot.page}/control/faults`, { method: 'DELETE' });
  await bot.control('deliveries', { reset: true });
});

afterAll(() => bot?.stop());

function fault(kind: string, tenant: string, more: object = {}): Promise<unknown> {
  const { match = {}, ...rest } = more as { match?: object };
  return bot.control('faults', { where: 'exchange', kind, match: { tenant, ...match }, ...rest });
}

describe('a tenant', () => {
  it.each([
    ['tailspin.example', 'tailspin'],
    ['wingtip.example', 'wingtip'],
  ])('that gave no consent is named with the reason and what to do: %s', async (domain, tenant) => {
    const { text } = await answerTo(bot, `set up gateway exchangedefender for ${domain}`);
    expect(text).toContain(tenant);
    expect(text).toMatch(/consent|access/iu);
    expect(text).not.toMatch(/R-[0-9A-Z]{8}/u);
  });

  it('that takes the directory role away before the plan is refused with the reason', async () => {
    const domain = await newTenant(bot, 'roleless');
    await answerTo(bot, `lock down ${domain}`);
    await bot.control('directory', { tenant: 'roleless', hasDirectoryRole: false }, 'PUT');
    const { cardId } = await askFor(bot, `set up gateway exchangedefender for ${domain}`);
    expect((await bot.message(cardId)).text).toMatch(/Refused[\s\S]*role/u);
  });

  it('that revokes consent between plan and approval is left alone', async () => {
    const domain = await newTenant(bot, 'revoked');
    const { cardId } = await askFor(bot, `set up gateway exchangedefender for ${domain}`);
    await bot.control('directory', { tenant: 'revoked', consent: 'revoked' }, 'PUT');
    await bot.click('ada', cardId, 'approve');
    expect((await bot.reads(cardId, /Refused/u)).text).toMatch(/consent/iu);
    expect(await writesOf(bot, 'revoked')).toEqual([]);
  });

  it('that takes the role away between two writes pauses the run, which goes on when somebody tries again', async () => {
    const domain = await newTenant(bot, 'halfway');
    const { cardId } = await askFor(bot, `set up gateway exchangedefender for ${domain}`);
    await fault('lost-role', 'halfway', { match: { cmdlet: 'Set-InboundConnector' }, times: 1 });
    await bot.click('ada', cardId, 'approve');
    const { text } = await bot.reads(cardId, /Paused by itself/u);
    expect(text).toMatch(/What to do: An administrator of that tenant must give the app/u);
    await bot.hears('personal:rita', /paused by itself in halfway/u);
    await bot.hears('alerts', /paused by itself in halfway/u);
    expect(await connectorOf(bot, 'halfway')).toBeDefined();
    expect((await bot.click('eve', cardId, 'retry')).outcome).toBe('error');
    expect((await bot.click('ada', cardId, 'retry')).outcome).toBe('card');
    await bot.reads(cardId, isProven);
    expect(await writesOf(bot, 'halfway')).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
  });

  it('that refuses a value undoes what went before, in reverse order', async () => {
    const domain = await newTenant(bot, 'picky');
    const { cardId } = await askFor(bot, `set up gateway exchangedefender for ${domain}`);
    await fault('normalised-value', 'picky', {
      match: { cmdlet: 'Set-InboundConnector' },
      property: 'EFSkipIPs',
      value: ['192.0.2.77'],
    });
    await bot.click('ada', cardId, 'approve');
    await bot.control('clock', { advance: '10m' });
    await bot.reads(cardId, /Undone|Needs a person/u);
  });

  it.each([
    ['throttle-with-retry-after', { times: 3 }],
    ['throttle', { times: 2 }],
    ['server-error-before', { times: 2 }],
    ['server-error-after', { match: { cmdlet: 'New-InboundConnector' }, times: 1 }],
    ['slow-propagation', { seconds: 60, times: 4 }],
    ['slow', { delayMs: 300, times: 4 }],
  ])('that answers with %s is set up once all the same', async (kind, more) => {
    const tenant = kind.replaceAll('-', '');
    const domain = await newTenant(bot, tenant);
    await fault(kind, tenant, more);
    await setUp(bot, domain);
    const created = (await writesOf(bot, tenant)).filter((cmdlet) => cmdlet === 'New-InboundConnector');
    expect(created.length).toBeLessThan(2);
    expect(await connectorOf(bot, tenant)).toMatchObject({ Enabled: false, EFSkipIPs: ['65.99.255.0/24'] });
  });
});

describe('Teams', () => {
  it('may throttle and lose the bot’s messages without losing a decision', async () => {
    const domain = await newTenant(bot, 'lossy');
    const { cardId } = await askFor(bot, `set up gateway exchangedefender for ${domain}`);
    await bot.control('deliveries', {
      sends: [
        { kind: 'throttle-with-retry-after', times: 2 },
        { kind: 'server-error-before', times: 2 },
        { kind: 'precondition-failed', times: 1 },
      ],
    });
    await bot.click('ada', cardId, 'approve');
    await bot.reads(cardId, isProven);
    await bot.hears('personal:rita', /lossy/u);
  });
});

// Last, because it changes the policy for everybody.
describe('a break glass', () => {
  it('typed shows the plan, and its button starts that plan, for those whom the policy names', async () => {
    const domain = await newTenant(bot, 'emergency');
    const change = await askFor(
      bot,
      `change policy breakGlass to {"people":["${ada}"],"groups":[],"answerWithinHours":4}`,
    );
    await bot.click('ben', change.cardId, 'approve');
    await bot.reads(change.cardId, /✓ Done\s+R-/u);
    const asked = await askFor(bot, `set up gateway exchangedefender for ${domain}`);

    const refused = await answerTo(bot, `break glass ${asked.id} because all mail is refused`, 'ben');
    expect(refused.text).toContain('you are not one');
    const shown = await answerTo(bot, `break glass ${asked.id} because all mail is refused`, 'ada');
    expect(shown.text).toContain('Nothing is started yet');
    expect(
      await bot.click('ben', shown.id, 'start-alone', { inputs: { reason: 'all mail is refused' } }),
    ).toMatchObject({
      outcome: 'error',
    });
    const unused = await answerTo(bot, `break glass ${asked.id} because all mail is refused`, 'ada');
    const started = await bot.click('ada', shown.id, 'start-alone', { inputs: { reason: 'all mail is refused' } });
    expect(started).toMatchObject({ outcome: 'card' });
    for (const cardId of [asked.cardId, shown.id, unused.id]) await bot.reads(cardId, isProven);
  });
});
