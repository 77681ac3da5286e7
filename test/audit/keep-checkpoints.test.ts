import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointFile } from '../../src/adapters/audit/checkpoint-file.ts';
import { loadSigningKey } from '../../src/adapters/audit/signing-key.ts';
import { readCheckpoints, readVerifierKey } from '../../src/core/audit/checkpoint.ts';
import { keepCheckpoints, signCheckpoint } from '../../src/core/audit/keep-checkpoints.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryBook, MemoryTrail } from './memory-trail.ts';

describe('keepCheckpoints', () => {
  it('signs at the start, after 1,000 entries and after five minutes, and not when nothing came', async () => {
    const [trail, book] = [new MemoryTrail(), new MemoryBook()];
    const clock = new FakeClock(undefined, true);
    const ending = new AbortController();
    const sizes = (): number[] => book.checkpoints.map(({ size }) => size);
    trail.grow(3);
    const loop = keepCheckpoints({ trail, book, clock }, ending.signal, () => undefined);
    await eventually(() => sizes().length === 1);
    trail.grow(1000);
    await eventually(() => {
      clock.advance(15);
      return sizes().length === 2;
    });
    trail.grow(1);
    const before = clock.now().getTime();
    await eventually(() => {
      clock.advance(15);
      return sizes().length === 3;
    });
    expect(sizes()).toEqual([3, 1003, 1004]);
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(270_000);
    clock.advance(3600);
    ending.abort();
    await loop;
    expect(sizes()).toEqual([3, 1003, 1004]);
  });

  it.each([
    ['shorter', (trail: MemoryTrail) => trail.written.splice(2)],
    ['another one', (trail: MemoryTrail) => trail.written.splice(0, 9, ...otherTrail().written)],
    ['edited since', (trail: MemoryTrail) => trail.written.splice(6, 1, ...otherTrail().written.slice(6, 7))],
  ])('signs nothing and says so when the trail is %s than what was signed', async (_, tamper) => {
    const [trail, book] = [new MemoryTrail(), new MemoryBook()];
    trail.grow(4);
    await signCheckpoint(trail, book);
    trail.grow(4);
    tamper(trail);
    await expect(signCheckpoint(trail, book)).rejects.toThrow('does not continue its signed checkpoints');
    expect(book.checkpoints).toHaveLength(1);
  });
});

function otherTrail(): MemoryTrail {
  const trail = new MemoryTrail();
  trail.grow(9);
  return trail;
}

describe('the files of the audit folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'switchyard-audit-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keep the key to its owner and the checkpoints readable with the public key, over restarts', async () => {
    const trail = new MemoryTrail();
    for (const size of [2, 3]) {
      trail.grow(size - trail.written.length);
      await signCheckpoint(trail, new CheckpointFile(folder, loadSigningKey(folder, null)));
    }
    expect(statSync(join(folder, 'signing-key.pem')).mode & 0o777).toBe(0o600);
    const key = readVerifierKey(readFileSync(join(folder, 'public-key'), 'utf8'));
    const signed = readCheckpoints(readFileSync(join(folder, 'checkpoints'), 'utf8'), key);
    expect(signed.map(({ size }) => size)).toEqual([2, 3]);
  });

  it('refuse to go on after checkpoints of another key', async () => {
    const trail = otherTrail();
    await signCheckpoint(trail, new CheckpointFile(folder, loadSigningKey(folder, null)));
    rmSync(join(folder, 'signing-key.pem'));
    trail.grow(1);
    const book = new CheckpointFile(folder, loadSigningKey(folder, null));
    await expect(signCheckpoint(trail, book)).rejects.toThrow('valid signature');
  });

  it('refuse a given key file that holds none, and say what to do', () => {
    const file = join(folder, 'mine.pem');
    expect(() => loadSigningKey(folder, file)).toThrow('no Ed25519 private key');
    writeFileSync(file, 'hello');
    expect(() => loadSigningKey(folder, file)).toThrow(file);
  });
});
