import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { controlRoutes } from '../../src/rehearsal/control/control-routes.ts';
import { dnsRoutes } from '../../src/rehearsal/dns/dns-routes.ts';
import { pageRoutes } from '../../src/rehearsal/page-routes.ts';
import { seedTenants } from '../../src/rehearsal/seeds/seed-tenants.ts';
import { launchBrowser } from '../support/browser.ts';
import { type Harness, startHarness } from './teams-harness.ts';
import { storyTurn } from './teams-story-bot.ts';

const browser: Browser | null = await launchBrowser();

describe.skipIf(browser === null)('rehearsal/page in a browser', () => {
  let harness: Harness;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    harness = await startHarness((world) => {
      seedTenants(world);
      return [...pageRoutes(), ...controlRoutes(world, () => ({})), ...dnsRoutes(world)];
    });
    harness.bot.turn = storyTurn;
  });

  beforeEach(async () => {
    harness.reset();
    complaints.length = 0;
    harness.bot.activities.length = 0;
    if (!browser) return;
    page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('Failed to load resource')) {
        complaints.push(message.text());
      }
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(harness.url)) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(harness.url);
    await page.locator('.empty').waitFor();
  });

  afterEach(async () => {
    expect(complaints).toEqual([]);
    await page.close();
  });

  afterAll(async () => {
    await browser?.close();
    await harness.stop();
  });

  async function say(text: string): Promise<void> {
    const box = page.locator('#composer textarea');
    await box.fill(text);
    await box.press('Enter');
  }

  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('puts a suggested command into the compose box and shows the answer in its thread', async () => {
    await button('help').click();
    await page.locator('#composer textarea').press('Enter');

    const answer = page.locator('.thread .from-bot .body');
    await answer.waitFor();
    expect(await answer.textContent()).toContain('You said help');
    expect(await page.locator('.empty').count()).toBe(0);
  });

  it('shows text from people and bot as text, never as markup', async () => {
    await say('<img src=x onerror="document.title=1"> **bold**');

    await page.locator('.from-bot .body').waitFor();
    expect(await page.locator('.posts img, .posts b').count()).toBe(0);
    expect(await page.locator('.mine .body').textContent()).toContain('<img src=x');
    expect(await page.locator('.from-bot strong', { hasText: 'bold' }).count()).toBe(1);
  });

  it('shows a refusal at the card, and the refreshed card and the approval to the approver', async () => {
    await say('plan');
    await button('Approve').click();
    await page.locator('.refusal', { hasText: 'Only an approver' }).waitFor();

    await page.locator('[data-person=ada]').click();
    await page.getByText('Ada, this waits for you').waitFor();
    await button('Approve').click();

    await page.getByText('Approved by Ada').waitFor();
    await page.locator('.body', { hasText: 'Settling: mail flow follows' }).waitFor();
    expect(await page.locator('#acting-name').textContent()).toContain('Ada');
  });

  it('keeps an invalid form from being sent and says what is missing', async () => {
    await say('form');
    await button('Show the plan').click();

    await page.getByText('Give the domain, such as contoso.com').waitFor();
    expect(harness.bot.activities.filter(({ type }) => type === 'invoke')).toEqual([]);
    await page.getByLabel('Domain', { exact: false }).first().fill('contoso.com');
    await button('Show the plan').click();
    await page.locator('.toast', { hasText: 'submit by somebody' }).waitFor();
  });

  it('opens a dialog, submits it and shows the answer', async () => {
    await say('form');
    await button('More settings').click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('Domain', { exact: false }).fill('contoso.com');

    await dialog.getByRole('button', { name: 'Show the plan' }).click();

    await page.locator('.toast', { hasText: 'Saved contoso.com' }).waitFor();
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  it('marks an unread channel and opens a card by its link', async () => {
    const { activityId } = await harness.post('messages', { as: 'omar', conversation: 'alerts', text: 'plan' });
    await page.locator('[data-conversation=alerts] .dot').waitFor();

    await page.goto(`${harness.url}/?as=ada&conversation=alerts&message=${activityId}`);

    await page.locator(`.highlight[data-message="${activityId}"]`).waitFor();
    expect(await page.locator('#conversation-title').textContent()).toBe('# alerts');
  });

  it('shows an answer of the bot while the page is open, in the thread where it belongs', async () => {
    const { activityId } = await harness.post('messages', { as: 'omar', conversation: 'mail-ops', text: 'one' });
    await harness.post('messages', { as: 'omar', conversation: 'mail-ops', text: 'two' });

    await harness.post('messages', { as: 'omar', conversation: 'mail-ops', text: 'later', replyTo: activityId });

    await page.locator(`[data-thread="${activityId}"]`, { hasText: 'You said later' }).waitFor();
  });

  it('shows what a tenant holds and moves its MX', async () => {
    await page.getByRole('tab', { name: 'fabrikam' }).click();
    await page.locator('#tenant', { hasText: 'fabrikam.com' }).waitFor();
    await page.getByRole('tab', { name: 'contoso' }).click();
    await page.locator('#tenant', { hasText: 'contoso-com.mail.protection.outlook.com' }).waitFor();

    await button('Move').click();

    await page.locator('#tenant', { hasText: 'inbound30.exchangedefender.com' }).waitFor();
  });

  it('fits a phone without sideways scrolling', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await say('plan');
    await page.locator('.card').waitFor();

    const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBe(0);
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.locator('#sidebar.open [data-conversation=alerts]').click();
    await page.getByText('Quiet so far').waitFor();
  });
});
