import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { groupPolicyFile } from '../support/group-policy.ts';
import { RunningBot } from '../support/running-bot.ts';
import { askFor, isProven, moveMx, newTenant, setUp } from '../support/story.ts';

const shots = process.env['SCREENSHOTS'];
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const browser: Browser | null = await launchBrowser();

describe.skipIf(browser === null)('a fresh sign-in, clicked through', () => {
  let bot: RunningBot;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    bot = await RunningBot.start({
      speed: 120,
      variables: { APPROVAL_POLICY_FILE: groupPolicyFile('fresh-sign-in') },
    });
    if (!browser) return;
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    context.on('page', (opened) => {
      opened.setDefaultTimeout(30_000);
      opened.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    });
    page = await context.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await bot?.stop();
  });

  async function photograph(shown: Page, name: string, subject = shown.locator('body')): Promise<void> {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    const wide = shown.viewportSize() ?? { width: 1280, height: 900 };
    for (const colorScheme of ['light', 'dark'] as const) {
      await shown.emulateMedia({ colorScheme });
      for (const [size, viewport] of [
        ['wide', wide],
        ['narrow', { width: 360, height: 780 }],
      ] as const) {
        await shown.setViewportSize(viewport);
        await subject.evaluate((element: { scrollIntoView(options: object): void }) =>
          element.scrollIntoView({ block: 'end' }),
        );
        await shown.screenshot({ path: join(shots, `${name}-${colorScheme}-${size}.png`) });
      }
      await shown.setViewportSize(wide);
    }
    await shown.emulateMedia({ colorScheme: 'light' });
  }

  it('opens from the card in a tab of its own, as the person who acts, and approves there', async () => {
    const domain = await newTenant(bot, 'clicked');
    await setUp(bot, domain);
    await moveMx(bot, domain);
    const { cardId } = await askFor(bot, `lock down ${domain}`);
    await page.goto(`${bot.page}/?as=ada&conversation=mail-ops&message=${cardId}`);
    const card = page.locator(`[data-message="${cardId}"] .card`);
    await card.getByRole('button', { name: 'Approve', exact: true }).click();
    await card.getByText('Only you see this version of the card.').waitFor();
    await photograph(page, 'card', card);

    const opening = context.waitForEvent('page');
    await card.getByRole('link', { name: 'Sign in to approve' }).click();
    const tab = await opening;
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await tab.getByLabel('Account').inputValue()).toBe('ada');
    await photograph(tab, 'entra');
    await tab.getByRole('button', { name: 'Sign in' }).click();

    await tab.getByRole('heading', { name: 'Approve this change?' }).waitFor();
    await photograph(tab, 'decision');
    expect(await tab.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await tab.keyboard.press('Tab');
    expect(await tab.evaluate('document.activeElement?.textContent')).toBe('Approve');
    await tab.keyboard.press('Enter');
    await tab.getByRole('heading', { name: 'Approved' }).waitFor();
    await photograph(tab, 'approved');
    await bot.reads(cardId, isProven);
    expect(complaints).toEqual([]);
  });

  it('says on the page why a colleague is refused', async () => {
    const domain = await newTenant(bot, 'refused');
    await setUp(bot, domain);
    await moveMx(bot, domain);
    const { cardId } = await askFor(bot, `lock down ${domain}`);
    await page.goto(`${bot.page}/?as=ada&conversation=mail-ops&message=${cardId}`);
    const card = page.locator(`[data-message="${cardId}"] .card`);
    await card.getByRole('button', { name: 'Approve', exact: true }).click();
    const opening = context.waitForEvent('page');
    await card.getByRole('link', { name: 'Sign in to approve' }).click();
    const tab = await opening;
    await tab.getByLabel('Account').selectOption('ben');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.getByText('This link is for Ada').waitFor();
    await photograph(tab, 'refused');

    await page.bringToFront();
    await card.getByRole('button', { name: 'Back', exact: true }).click();
    await card.getByRole('button', { name: 'Approve', exact: true }).waitFor();
  });
});
