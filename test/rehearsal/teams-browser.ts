import { existsSync } from 'node:fs';
import chromiumInNpm from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

// As root the sandbox cannot start; the package's own arguments would switch web security off.
const ARGUMENTS = ['--no-sandbox', '--disable-gpu'];
const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser inside npm, else a system one; null, loudly, when neither runs. */
export async function launchBrowser(): Promise<Browser | null> {
  const failures: unknown[] = [];
  for (const find of [inNpm, onSystem]) {
    try {
      return await find();
    } catch (error) {
      failures.push(error);
    }
  }
  console.error('BROWSER TESTS ARE SKIPPED: no browser runs here.', ...failures);
  return null;
}

async function inNpm(): Promise<Browser> {
  const executablePath = await chromiumInNpm.executablePath();
  return chromium.launch({ executablePath, args: ARGUMENTS, headless: true });
}

async function onSystem(): Promise<Browser> {
  const executablePath = SYSTEM.find((path) => existsSync(path));
  if (!executablePath) throw new Error('No system Chromium.');
  return chromium.launch({ executablePath, args: ARGUMENTS, headless: true });
}
