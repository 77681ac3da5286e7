import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const browser: Browser | null = await launchBrowser();

describe.skipIf(browser === null)('the Teams page while an answer is slow', () => {
  let cloud: RunningRehearsal;
  let page: Page;

  beforeAll(async () => {
    cloud = await startRehearsal();
  });

  beforeEach(async () => {
    if (!browser) return;
    page = await browser.newPage();
    await page.goto(`${cloud.url}/?as=rita&conversation=mail-ops`);
    await page.locator('#composer textarea').waitFor();
    await page.locator('.loading').waitFor({ state: 'detached' });
  });

  afterEach(() => page.close());

  afterAll(async () => {
    await browser?.close();
    await cloud?.stop();
  });

  /** Opens the conversation as somebody else, and gives what lets the answer through with what it said at first. */
  async function openSlowly(person: string): Promise<() => Promise<void>> {
    const held = Promise.withResolvers<Route>();
    await page.route('**/control/views', (route) => held.resolve(route), { times: 1 });
    await page.locator(`[data-person=${person}]`).click();
    const route = await held.promise;
    const answer = await route.fetch();
    return () => route.fulfill({ response: answer });
  }

  const opened = (): Promise<void> => page.locator('.loading').waitFor({ state: 'detached' });

  it('keeps what is being typed', async () => {
    const answer = await openSlowly('omar');
    await page.locator('#composer textarea').fill('unlock contoso.com');
    await answer();
    await opened();
    expect(await page.locator('#composer textarea').inputValue()).toBe('unlock contoso.com');
  });

  it('speaks for the person who acts now', async () => {
    const answer = await openSlowly('omar');
    const box = page.locator('#composer textarea');
    await box.fill('who am I');
    await box.press('Enter');
    await answer();
    const said = page.locator('[data-message]', { hasText: 'who am I' });
    await said.waitFor();
    expect(await said.textContent()).toContain('Omar');
  });

  it('keeps a message that came before the older answer', async () => {
    const answer = await openSlowly('ada');
    await cloud.control('messages', { as: 'ben', conversation: 'mail-ops', text: 'said in the meantime' });
    const said = page.locator('[data-message]', { hasText: 'said in the meantime' });
    await said.waitFor();
    await answer();
    await opened();
    expect(await said.isVisible()).toBe(true);
    await page.locator('[data-message]', { hasText: 'who am I' }).waitFor();
    expect(await page.locator('[data-message]').count()).toBe(2);
  });
});
