import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createChaos } from '../../src/adapters/chaos/chaos.ts';
import { readConfig } from '../../src/config/config.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { auditOf, nextRevision, sampleRequest } from '../support/sample-request.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-failpoints-'));
  file = join(folder, 'orders.json');
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** What this process would have done to itself. */
function watchKill(): string[] {
  const signals: string[] = [];
  vi.spyOn(process, 'kill').mockImplementation((_pid, signal) => {
    signals.push(String(signal));
    return true;
  });
  return signals;
}

function passed(): string[] {
  const lines = readFileSync(`${file}.log`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split('\t')[2] ?? '');
}

describe('failpoints', () => {
  it('are not there at all without a file', () => {
    const store = new MemoryStore();
    expect(createChaos(null).requests(store)).toBe(store);
  });

  it('are refused outside rehearsal', () => {
    const environment = { SWITCHYARD_FAILPOINT: file };
    expect(() => readConfig(environment, 'production')).toThrow('SWITCHYARD_FAILPOINT may only be set in rehearsal.');
  });

  it('are passed before and after every call that has an effect', async () => {
    const store = createChaos(file).requests(new MemoryStore());
    const request = sampleRequest();
    await store.create(request, [], auditOf(request, 'requested'));
    await store.save(nextRevision(request), [], auditOf(request, 'planned'));
    await store.get(request.id);
    expect(passed()).toEqual([
      'before creating the request',
      'after creating the request',
      'before saving planned',
      'after saving planned',
    ]);
  });

  it('end the process once, at the pass that was ordered, of the request that was meant', async () => {
    const signals = watchKill();
    const order = { tenant: 'contoso', workflow: 'set-up-gateway', point: 'before saving planned', nth: 2 };
    writeFileSync(file, JSON.stringify([{ ...order, signal: 'SIGKILL' }]));
    const store = createChaos(file).requests(new MemoryStore());
    const request = sampleRequest();
    await store.create(request, [], auditOf(request));
    const once = nextRevision(request);
    await store.save(once, [], auditOf(request, 'planned'));
    expect(signals).toEqual([]);
    const twice = nextRevision(once);
    await store.save(twice, [], auditOf(request, 'planned'));
    await store.save(nextRevision(twice), [], auditOf(request, 'planned'));
    expect(signals).toEqual(['SIGKILL']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([]);
  });
});
