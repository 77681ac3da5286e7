import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RunningBot } from '../support/running-bot.ts';
import { askFor, colleague, connectorOf, isProven, moveMx, newTenant, setUp, writesOf } from '../support/story.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let bot: RunningBot;

beforeAll(async () => {
  bot = await RunningBot.start({ speed: 120 });
});

afterAll(() => bot?.stop());

async function locked(domain: string): Promise<string> {
  const { cardId } = await askFor(bot, `lock down ${domain}`);
  await bot.click('ben', cardId, 'approve');
  return cardId;
}

/** A tenant whose mail goes through its gateway, and which is not locked down. */
async function moved(tenant: string): Promise<string> {
  const domain = await newTenant(bot, tenant);
  await setUp(bot, domain);
  await moveMx(bot, domain);
  return domain;
}

/** A lock-down that settles, in a time so slow that something else can happen meanwhile. */
async function settling(domain: string): Promise<string> {
  await bot.control('clock', { speed: 2 });
  const cardId = await locked(domain);
  await bot.reads(cardId, /settling/u);
  return cardId;
}

describe('a gateway', () => {
  it('of another vendor is set up, locked down, proven and unlocked the same way', async () => {
    const domain = await newTenant(bot, 'protected');
    await setUp(bot, domain, 'mailprotector');
    await moveMx(bot, domain, 'protected-example.inbound.emailservice.io');
    await bot.reads(await locked(domain), isProven);
    expect(await connectorOf(bot, 'protected')).toMatchObject({
      SenderIPAddresses: ['52.0.31.31', '52.0.70.91', '52.0.74.211'],
      Enabled: true,
    });

    const { cardId } = await askFor(bot, `unlock ${domain}`);
    await bot.click('ada', cardId, 'approve');
    await bot.reads(cardId, isProven);
    expect(await connectorOf(bot, 'protected')).toMatchObject({ Enabled: false });
  });

  it('that nobody knows is set up with the addresses that are typed', async () => {
    const domain = await newTenant(bot, 'typed');
    const text = `set up gateway generic for ${domain} ranges 203.0.112.0/23, 198.51.100.7 mx mx.gate.example`;
    const { cardId } = await askFor(bot, text);
    await bot.click('ada', cardId, 'approve');
    await bot.reads(cardId, isProven);
    expect(await connectorOf(bot, 'typed')).toMatchObject({
      SenderIPAddresses: ['198.51.100.7', '203.0.112.0/24', '203.0.113.0/24'],
      Enabled: false,
    });
  });
});

describe('a lock-down', () => {
  it('is refused with rule, fact and remedy while one domain of the tenant has not moved', async () => {
    await bot.control('tenants', { name: 'two', domains: ['two.example', 'old.two.example'] });
    await setUp(bot, 'two.example');
    await moveMx(bot, 'two.example');
    const { cardId } = await askFor(bot, 'lock down two.example');
    const { text } = await bot.message(cardId);
    expect(text).toMatch(/Refused – nothing was changed/u);
    expect(text).toContain('old.two.example');
    expect(text).toContain('old-two-example.mail.protection.outlook.com');
    expect(await connectorOf(bot, 'two')).toMatchObject({ Enabled: false });
  });

  it('is refused while one resolver still gives the old answer, and says for how long', async () => {
    const domain = await newTenant(bot, 'cached');
    await setUp(bot, domain);
    await askFor(bot, `lock down ${domain}`);
    await bot.control('dns', { domain, mx: 'inbound30.exchangedefender.com', ttl: 300 }, 'PUT');
    const { cardId } = await askFor(bot, `lock down ${domain}`);
    const { text } = await bot.message(cardId);
    expect(text).toMatch(/Refused/u);
    expect(text).toMatch(/\d+ (?:s|seconds|minutes|min)/u);

    await bot.control('clock', { advance: '2h' });
    const again = await askFor(bot, `lock down ${domain}`);
    await bot.reads(again.cardId, /Waits for an approver/u);
  });

  it('is refused as unknown when no resolver answers', async () => {
    const domain = await moved('silent');
    await bot.control('dns', { domain, behaviour: 'silent' }, 'PUT');
    const { cardId } = await askFor(bot, `lock down ${domain}`);
    expect((await bot.message(cardId)).text).toMatch(/Refused[\s\S]*(?:no answer|did not answer|answered)/u);
    expect(await connectorOf(bot, 'silent')).toMatchObject({ Enabled: false });
  });

  it('is refused when the gateway never greets', async () => {
    const domain = await moved('tarpit');
    await bot.control('smtp', { host: 'gateway', behaviour: 'silent' }, 'PUT');
    try {
      const { cardId } = await askFor(bot, `lock down ${domain}`);
      expect((await bot.message(cardId)).text).toMatch(/Refused/u);
    } finally {
      await bot.control('smtp', { host: 'gateway', behaviour: 'normal' }, 'PUT');
    }
  });

  it('that is disproved takes itself back and says so', async () => {
    const domain = await moved('leaky');
    await bot.control('smtp', { replies: { [domain]: '250 2.1.5 Recipient OK' } }, 'PUT');
    const cardId = await locked(domain);
    await bot.reads(cardId, /settling|being proven/u);
    await bot.control('clock', { advance: '61m' });
    const { text } = await bot.reads(cardId, /↩ Undone/u);
    expect(text).toMatch(/taken back/u);
    expect(await connectorOf(bot, 'leaky')).toMatchObject({ Enabled: false });
    await bot.hears('personal:rita', /taken back/u);
  });

  it('that cannot be probed is announced to be taken back, stays while it is held, and is proven once it can be', async () => {
    const domain = await moved('blind');
    const cardId = await settling(domain);
    await bot.control('smtp', { host: 'tenant-edge', behaviour: 'refuse' }, 'PUT');
    await bot.control('clock', { speed: 120 });
    try {
      await bot.control('clock', { advance: '59m' });
      await bot.reads(cardId, /Will be taken back at .* unless somebody holds it/u);
      await bot.hears('alerts', /blind will be taken back at .* unless somebody holds them/u);
      expect((await bot.click('eve', cardId, 'hold')).outcome).toBe('error');
      const held = await bot.click('rita', cardId, 'hold', { inputs: { reason: 'the firewall is being opened' } });
      expect([held.outcome, held.text]).toEqual(['card', '']);
      const { text } = await bot.reads(cardId, /Held by Rita/u);
      expect(text).toContain('“the firewall is being opened”');
      expect(text).not.toMatch(/✓ Proven/u);
      // It stands in the database, not in the process.
      await bot.kill();
      await bot.restart();
      await bot.control('clock', { advance: '20m' });
      expect(await connectorOf(bot, 'blind')).toMatchObject({ Enabled: true });
    } finally {
      await bot.control('smtp', { host: 'tenant-edge', behaviour: 'normal' }, 'PUT');
    }
    await bot.control('clock', { advance: '16m' });
    await bot.reads(cardId, isProven);
    expect(await connectorOf(bot, 'blind')).toMatchObject({ Enabled: true });
  });

  it('that cannot be probed and that nobody holds is taken back, also when it was paused before', async () => {
    const domain = await moved('doubtful');
    const cardId = await settling(domain);
    await bot.control('smtp', { host: 'tenant-edge', behaviour: 'refuse' }, 'PUT');
    await bot.control('clock', { speed: 120 });
    try {
      expect((await bot.click('ada', cardId, 'pause')).outcome).toBe('card');
      const { text } = await bot.reads(cardId, /Paused by Ada \(approver\) since/u);
      expect(text).toContain('its deadline moves by as long as the run stands still');
      await bot.control('clock', { advance: '3h' });
      await bot.kill();
      await bot.restart();
      expect((await bot.click('ada', cardId, 'resume')).outcome).toBe('card');
      await bot.reads(cardId, /settling|being proven/u);
      await bot.control('clock', { advance: '60m' });
      await bot.reads(cardId, /Will be taken back at/u);
      await bot.control('clock', { advance: '16m' });
      expect((await bot.reads(cardId, /↩ Undone/u)).text).toContain('nobody held the changes');
    } finally {
      await bot.control('smtp', { host: 'tenant-edge', behaviour: 'normal' }, 'PUT');
    }
    expect(await connectorOf(bot, 'doubtful')).toMatchObject({ Enabled: false });
  });

  it('can be stopped while it settles, and then takes back what it did', async () => {
    const domain = await moved('stopped');
    const cardId = await settling(domain);
    expect((await bot.click('eve', cardId, 'stop')).outcome).toBe('error');
    await bot.click('rita', cardId, 'stop');
    await bot.control('clock', { speed: 120 });
    await bot.reads(cardId, /↩ Undone/u);
    expect(await connectorOf(bot, 'stopped')).toMatchObject({ Enabled: false });
  });

  it('loses its approval when a colleague changes the connector while it waits for its turn', async () => {
    const domain = await moved('queued');
    const first = await settling(domain);
    const second = await askFor(bot, `set up gateway exchangedefender for ${domain}`);
    await bot.click('ada', second.cardId, 'approve');
    await bot.reads(second.cardId, /waiting for its turn/u);
    const before = await writesOf(bot, 'queued');
    const { Name } = (await connectorOf(bot, 'queued')) ?? {};
    await colleague(bot, 'queued', 'Set-InboundConnector', { Identity: Name, EFSkipIPs: ['192.0.2.9'] });
    await bot.control('clock', { speed: 120 });
    await bot.reads(first, isProven);

    await bot.reads(second.cardId, /Waits for an approver[\s\S]*Not the plan that was shown before/u);
    expect(await writesOf(bot, 'queued')).toEqual(before);
  });
});
