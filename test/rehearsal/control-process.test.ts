import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// Each test starts several processes, which takes its time where others build as well.
vi.setConfig({ testTimeout: 120_000 });

const MAIN = new URL('../../src/rehearsal/main.ts', import.meta.url).pathname;
let dataDir: string;
let running: ChildProcess[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  running = [];
});

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

function start(environment: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, SWITCHYARD_DATA: dataDir, REHEARSAL_PORT: '0', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.push(child);
  return child;
}

async function ready(child: ChildProcess): Promise<{ ready: boolean; url: string }> {
  const [line] = await once(child.stdout ?? child, 'data');
  return JSON.parse(String(line));
}

async function errorsOf({ stderr }: ChildProcess): Promise<string> {
  return stderr ? text(stderr) : '';
}

async function json(url: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, body ? { method: 'POST', body: JSON.stringify(body) } : {});
  return (await response.json()) as Record<string, unknown>;
}

describe('rehearsal/main', () => {
  it('says in one JSON line where it is, and ends with code 0 on SIGTERM', async () => {
    const child = start({});
    const { ready: isReady, url } = await ready(child);
    const { status } = await fetch(`${url}/control/environment`);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect([isReady, status, code]).toEqual([true, 200, 0]);
  });

  it('ends when its parent is gone', async () => {
    const child = start({ REHEARSAL_CHILD: '1' });
    await ready(child);
    child.stdin?.end();
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  it('names a taken port and the variable that changes it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? Number(address?.port) : 0;
    const child = start({ REHEARSAL_PORT: String(port) });
    const [message, [code]] = await Promise.all([errorsOf(child), once(child, 'exit')]);
    other.close();
    expect(code).toBe(1);
    // Of the six it needs, another program may have one of the later ones too.
    const named = Number(/^Port (\d+) is in use/u.exec(message)?.[1]);
    expect(named).toBeGreaterThanOrEqual(port);
    expect(named).toBeLessThanOrEqual(port + 5);
    expect(message).toContain('REHEARSAL_PORT');
  });

  it('goes on in virtual time, with the same keys, where the last one stopped', async () => {
    const first = start({});
    const { url } = await ready(first);
    const moved = await json(`${url}/control/clock`, { advance: '3d' });
    const before = await json(`${url}/control/environment`);
    first.kill('SIGTERM');
    await once(first, 'exit');
    const { url: again } = await ready(start({}));
    const now = await json(`${again}/control/clock`);
    const after = await json(`${again}/control/environment`);
    expect(now['nowMs']).toBeGreaterThanOrEqual(Number(moved['nowMs']));
    expect(after['BOT_APP_SECRET']).toBe(before['BOT_APP_SECRET']);
  });
});
