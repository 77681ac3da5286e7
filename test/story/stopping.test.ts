import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';
import { putCluster, temporaryFolder } from '../support/postgres.ts';

vi.setConfig({ testTimeout: 120_000 });

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const folder = temporaryFolder();
const databaseIsUp = (): boolean => existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'));

/** The program as `npm start` runs it: the simulated cloud and the database are its children. */
async function started(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: compileCache,
      SWITCHYARD_DATA: folder,
      PORT: '0',
      REHEARSAL_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('is ready')) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error('The program ended before it was ready.');
}

beforeAll(() => putCluster(folder));

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

describe('the program and its database stop', () => {
  it.each<[string, NodeJS.Signals[]]>([
    ['at Ctrl-C', ['SIGINT']],
    ['at a request of the system', ['SIGTERM']],
    ['when the terminal is closed', ['SIGHUP']],
    ['when two senders pass the same wish on', ['SIGINT', 'SIGTERM', 'SIGHUP']],
  ])('%s', async (_what, signals) => {
    const child = await started();
    expect(databaseIsUp()).toBe(true);
    const gone = once(child, 'exit');
    for (const signal of signals) child.kill(signal);
    expect(await gone).toEqual([0, null]);
    expect(databaseIsUp()).toBe(false);
  });
});
