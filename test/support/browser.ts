import { existsSync } from 'node:fs';
import chromiumInNpm from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

// As root the sandbox cannot start; the package's own arguments would switch web security off.
const options = { args: ['--no-sandbox', '--disable-gpu'], headless: true };
const onSystem = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * The browser inside npm, else a system one. Null, loudly, when neither runs: the tests are then skipped, but never
 * where CI is set.
 */
export async function launchBrowser(): Promise<Browser | null> {
  const failures: unknown[] = [];
  for (const find of [pathInNpm, pathOnSystem]) {
    try {
      return await chromium.launch({ ...options, executablePath: await find() });
    } catch (error) {
      failures.push(error);
    }
  }
  if (process.env['CI'])
    throw new AggregateError(failures, 'No browser runs here, and with CI set none may be missing.');
  console.error('BROWSER TESTS ARE SKIPPED: no browser runs here.', ...failures);
  return null;
}

function pathInNpm(): Promise<string> {
  return chromiumInNpm.executablePath();
}

async function pathOnSystem(): Promise<string> {
  const path = onSystem.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('There is no system Chromium.');
  return path;
}
