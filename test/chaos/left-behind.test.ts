import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { processesOf } from './belonging.ts';

vi.setConfig({ testTimeout: 120_000 });

const program = fileURLToPath(new URL('./standing-world.ts', import.meta.url));

/** A harness with a whole world, in a process group of its own. Says in which folders it works. */
async function harness(): Promise<{ child: ChildProcess; folders: readonly string[] }> {
  const child = spawn(process.execPath, [program], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    return { child, folders: JSON.parse(line) as readonly string[] };
  }
  throw new Error('The harness ended before its world stood.');
}

describe('what a chaos run started', () => {
  it.each<[string, (child: ChildProcess) => unknown]>([
    ['is ended with its whole group', ({ pid = 0 }) => process.kill(-pid, 'SIGTERM')],
    ['is killed', (child) => child.kill('SIGKILL')],
    ['fails', (child) => child.stdin?.write('fail\n')],
  ])('ends when the run %s', async (_how, end) => {
    const { child, folders } = await harness();
    const works = (): boolean[] => folders.map((folder) => processesOf(folder).length > 0);
    expect(works()).toEqual(folders.map(() => true));
    const gone = once(child, 'exit');
    end(child);
    await gone;
    await eventually(() => !works().includes(true) && !folders.some((folder) => existsSync(folder)), 30_000);
  });
});
