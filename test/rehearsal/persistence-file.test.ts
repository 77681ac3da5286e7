import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RehearsalProcess, spawnRehearsal, startProcess } from './rehearsal-process.ts';

let dataDir: string;
let file: string;
let rehearsal: RehearsalProcess | null;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  file = join(dataDir, 'rehearsal', 'world.json');
  await mkdir(join(dataDir, 'rehearsal'));
  rehearsal = null;
});

afterEach(async () => {
  await rehearsal?.end('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

describe('rehearsal/world-memory: the file', () => {
  it.each([
    ['is cut off', '{"version":1,"parts":{"tenants":['],
    ['is of an older version', '{"version":0,"parts":{}}'],
    ['lacks a part', '{"version":1,"parts":{"tenants":[]}}'],
    ['is empty', ''],
  ])('sets a file aside that %s, says so in one line, and starts with the seeds', async (_, content) => {
    await writeFile(file, content);
    rehearsal = await startProcess(dataDir);
    const tenants = await rehearsal.control('GET', 'tenants');
    expect(tenants).toHaveLength(11);
    expect(rehearsal.errors()).toMatch(/^The rehearsal cannot use its saved world .*world\.json\.broken\.\n$/u);
    expect(await readFile(`${file}.broken`, 'utf8')).toBe(content);
    await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 3000 }).toContain('contoso');
  });

  it('goes on without memory where the file cannot be written, and says so once', async () => {
    await mkdir(`${file}.new`);
    rehearsal = await startProcess(dataDir);
    for (const lagSeconds of [1, 2]) await rehearsal.control('PUT', 'smtp', { lagSeconds });
    await expect.poll(rehearsal.errors, { timeout: 3000 }).toContain('cannot save its world');
    const { lagSeconds } = await rehearsal.control('GET', 'smtp');
    await rehearsal.end('SIGTERM');
    expect([lagSeconds, rehearsal.errors().trim().split('\n').length]).toEqual([2, 1]);
  });

  it('is left alone by a second rehearsal that finds the port taken', async () => {
    const first = await startProcess(dataDir);
    await first.end('SIGTERM');
    const written = `${await readFile(file, 'utf8')}\n`;
    await writeFile(file, written);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const [code] = await once(spawnRehearsal(dataDir, { REHEARSAL_PORT: port }), 'exit');
    other.close();
    expect([code, await readFile(file, 'utf8')]).toEqual([1, written]);
  });
});
