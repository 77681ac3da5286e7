import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { RunningBot } from '../support/running-bot.ts';

const shots = process.env['SCREENSHOTS'];
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const browser: Browser | null = await launchBrowser();

describe.skipIf(browser === null)('connecting a tenant, clicked through', () => {
  let bot: RunningBot;
  let context: BrowserContext;
  const complaints: string[] = [];

  beforeAll(async () => {
    bot = await RunningBot.start({ speed: 60 });
    if (browser) context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
    context.on('page', (page) => {
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
    });
  });

  afterAll(async () => {
    await browser?.close();
    await bot?.stop();
  });

  async function photograph(page: Page, name: string): Promise<void> {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const theme = page.locator('#theme');
      if ((await theme.count()) > 0) await theme.selectOption(colorScheme);
      await page.screenshot({ path: join(shots, `connect-${name}-${colorScheme}.png`) });
    }
  }

  it('goes from the card through the consent page and back, in one browser, until the card says so', async () => {
    const page = await context.newPage();
    await page.goto(`${bot.page}/?as=rita&conversation=mail-ops`);
    const box = page.locator('#composer textarea');
    await box.fill('connect tailspin');
    await box.press('Enter');
    const card = page.locator('.from-bot .card', { hasText: 'tailspin' }).first();
    await card.getByText('○ Not connected').waitFor();
    await photograph(page, '1-card');

    const opening = context.waitForEvent('page');
    await card.getByRole('link', { name: 'Open the consent page' }).click();
    const consent = await opening;
    await consent.getByText('Exchange.ManageAsApp').waitFor();
    await photograph(consent, '2-consent');
    await consent.getByRole('button', { name: 'Accept' }).click();
    await consent.getByRole('heading', { name: 'Consent is given' }).waitFor();
    await photograph(consent, '3-back');
    await consent.close();

    await card.getByText('◐ Not connected all the way').waitFor();
    await photograph(page, '4-role-missing');
    await bot.control('directory', { tenant: 'tailspin', hasDirectoryRole: true }, 'PUT');
    await bot.control('clock', { advance: '2h' });
    await card.getByRole('button', { name: 'Check again' }).click();
    await card.getByText('✓ Connected').waitFor();
    await photograph(page, '5-connected');
    expect(complaints).toEqual([]);
  });
});
