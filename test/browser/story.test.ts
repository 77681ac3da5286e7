import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { RunningBot } from '../support/running-bot.ts';
import { connectorOf, writesOf } from '../support/story.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const shots = process.env['SCREENSHOTS'];
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const browser: Browser | null = await launchBrowser();

describe.skipIf(browser === null)('the story, clicked through', () => {
  let bot: RunningBot;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    bot = await RunningBot.start({ speed: 60 });
    if (!browser) return;
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${bot.page}/?as=rita&conversation=mail-ops`);
    await page.locator('#composer textarea').waitFor();
    // The welcome comes by itself, on a busy machine late; afterwards the newest card is the one that was asked for.
    await page.getByText('What you can ask Switchyard').first().waitFor({ timeout: 90_000 });
  });

  afterEach(() => {
    expect(complaints).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await bot?.stop();
  });

  const actAs = (person: string): Promise<void> => page.locator(`[data-person=${person}]`).click();

  async function say(text: string): Promise<void> {
    const box = page.locator('#composer textarea');
    await box.fill(text);
    await box.press('Enter');
  }

  /** The newest card in the conversation. */
  const card = (): Locator => page.locator('.from-bot .card').last();

  /** What the newest cards say goes with the failure: the page is gone when somebody reads it. */
  async function inCard(text: string | RegExp): Promise<void> {
    try {
      await card().getByText(text).first().waitFor();
    } catch (error) {
      const cards = await page.locator('.from-bot .card').allTextContents();
      throw new Error(`No ${text} in the newest card. The last three say:\n${cards.slice(-3).join('\n---\n')}`, {
        cause: error,
      });
    }
  }

  const press = (name: string): Promise<void> => card().getByRole('button', { name, exact: true }).click();

  async function photograph(name: string): Promise<void> {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    for (const theme of ['light', 'dark']) {
      await page.locator('#theme').selectOption(theme);
      await page.screenshot({ path: join(shots, `${name}-${theme}.png`) });
    }
    await page.locator('#theme').selectOption('light');
    await page.setViewportSize({ width: 400, height: 800 });
    await page.screenshot({ path: join(shots, `${name}-narrow.png`) });
    await page.setViewportSize({ width: 1440, height: 1000 });
  }

  it('asks for what is missing with a form, and turns the form into the plan', async () => {
    await say('set up gateway');
    await inCard('Set up a gateway');
    await photograph('1-form');

    await card().getByLabel('Domain').fill('contoso.com');
    await card().getByRole('combobox').selectOption('exchangedefender');
    await press('Show me the plan');

    await inCard('◷ Waits for an approver');
    await inCard('SenderIPAddresses');
    await photograph('2-plan');
  });

  it('shows the plan with its dangers, what stays as it is, and the PowerShell', async () => {
    const text = (await card().textContent()) ?? '';
    expect(text).toContain('What stays as it is');
    expect(text).toContain('Fingerprint of this plan');
    expect(text).toContain('65.99.255.0/24');
    await press('Show or hide the PowerShell');
    await card().getByText('New-InboundConnector').last().waitFor();
    await photograph('3-powershell');
  });

  it('refuses the approval of the person who asked, and says why', async () => {
    await press('Approve');
    await page
      .locator('.refusal', { hasText: 'You asked for this change, so another approver has to decide it.' })
      .waitFor();
    expect(await writesOf(bot, 'contoso')).toEqual([]);
  });

  it('carries out what somebody else approved, and tells thread and requester', async () => {
    await actAs('ada');
    await press('Approve');

    await page
      .locator('.from-bot .card', { hasText: 'Approved by Ada' })
      .filter({ hasText: /✓ Proven\s*R-/u })
      .waitFor();
    await photograph('4-set-up-done');
    expect(await connectorOf(bot, 'contoso')).toMatchObject({
      ConnectorType: 'Partner',
      RequireTls: true,
      RestrictDomainsToIPAddresses: true,
      SenderIPAddresses: ['65.99.255.0/24'],
      Enabled: false,
      EFSkipLastIP: false,
      EFSkipIPs: ['65.99.255.0/24'],
    });
    await bot.hears('mail-ops', /Set up ExchangeDefender for contoso\.com.*(?:done|proven)/su);
    await bot.hears('personal:rita', /Set up ExchangeDefender for contoso\.com.*(?:done|proven)/su);
  });

  it('shows the connector in the panel, switched off', async () => {
    const entry = page.locator('#tenant details', { hasText: 'Switchyard' });
    await entry.waitFor();
    expect(await entry.locator('.badge').first().textContent()).toBe('off');
    await entry.locator('summary').click();
    await entry.getByText('65.99.255.0/24').first().waitFor();
    await photograph('5-panel');
  });

  it('refuses a lock-down while mail still goes to Office 365', async () => {
    await actAs('rita');
    await say('lock down contoso.com');

    const refused = page.locator('.from-bot .card', { hasText: '✗ Refused – nothing was changed' }).last();
    await refused.waitFor();
    const text = (await refused.textContent()) ?? '';
    expect(text).toMatch(/resolver|127\.0\.0\.1/u);
    expect(text).toMatch(/contoso-com\.mail\.protection\.outlook\.com/u);
    await photograph('6-refused');
  });

  it('plans the lock-down once every MX has moved', async () => {
    for (const domain of ['contoso.com', 'sales.contoso.com']) {
      await page.getByLabel('Domain', { exact: true }).selectOption(domain);
      await page.getByLabel('New destination').selectOption({ label: 'ExchangeDefender' });
      await page.getByLabel('every resolver sees it at once').check();
      await page.getByRole('button', { name: 'Move', exact: true }).click();
      await page.locator('.toast', { hasText: `The MX of ${domain} now points` }).waitFor();
    }
    await say('lock down contoso.com');

    await inCard('◷ Waits for an approver');
    await inCard('⚠ Danger');
    await photograph('7-lock-plan');
    if (process.env['UPDATE_SCREENSHOT']) await takeStoryPicture();
  });

  it('locks down on the word of an approver and proves it from outside', async () => {
    await actAs('ben');
    await press('Approve');

    await inCard('◷ Changes made – settling');
    await photograph('8-settling');
    await page
      .locator('.from-bot .card', { hasText: /✓ Proven\s*R-/u })
      .filter({ hasText: 'Lock down' })
      .first()
      .waitFor();
    await photograph('9-locked');
    expect(await connectorOf(bot, 'contoso')).toMatchObject({ Enabled: true });
    await bot.hears('mail-ops', /5\.7\.51/u);
    await bot.hears('personal:rita', /Lock down contoso.*proven/su);
    const direct = { from: 'a@example.net', to: 'postmaster@contoso.com', via: 'direct' };
    expect(await bot.control('mail', direct)).toMatchObject({ accepted: false });
    expect(await bot.control('mail', { ...direct, via: 'internet' })).toMatchObject({ accepted: true });
  });

  it('unlocks the same way', async () => {
    await actAs('omar');
    await say('unlock contoso.com');
    await inCard('◷ Waits for an approver');
    await actAs('ada');
    await press('Approve');

    await page
      .locator('.from-bot .card', { hasText: /✓ Proven\s*R-/u })
      .filter({ hasText: 'Unlock' })
      .first()
      .waitFor();
    await photograph('10-unlocked');
    expect(await connectorOf(bot, 'contoso')).toMatchObject({ Enabled: false });
  });

  it('answers status and help in a phone’s width without sideways scrolling', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await say('status');
    await inCard(/contoso/iu);
    await photograph('11-status');
    await say('help');
    await inCard('lock down');
    const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBe(0);
    await photograph('12-help');
  });

  async function takeStoryPicture(): Promise<void> {
    const toasts = page.locator('.toast').getByRole('button');
    while ((await toasts.count()) > 0) await toasts.first().click();
    await card().evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await page.screenshot({ path: join(root, 'appPackage/story.png') });
  }
});
