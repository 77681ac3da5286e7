import { describe, expect, it } from 'vitest';
import type { AuditFilter } from '../../src/core/audit/audit-trail.ts';
import { type AuditRecord, genesis } from '../../src/core/audit/chain.ts';
import { verifyTrail } from '../../src/core/audit/verify-trail.ts';
import { MemoryTrail } from './memory-trail.ts';

/** A trail to which others append while it is read: so many entries whenever it is asked for some. */
class GrowingTrail extends MemoryTrail {
  override async *records(filter?: AuditFilter): AsyncGenerator<AuditRecord> {
    for await (const record of super.records(filter)) yield record;
    this.grow(2);
  }
}

function trailOf(length: number, trail = new MemoryTrail()): MemoryTrail {
  trail.grow(length);
  return trail;
}

describe('a trail', () => {
  it('that grows while it is followed is whole up to where it was', async () => {
    const trail = trailOf(5, new GrowingTrail());
    const { verdict, head } = await verifyTrail(trail, []);
    expect(verdict).toMatchObject({ intact: true, entries: 5 });
    expect(head.seq).toBe(5);
    expect(trail.written.length).toBeGreaterThan(5);
  });

  it('that is empty is whole', async () => {
    expect((await verifyTrail(new MemoryTrail(), [])).verdict).toMatchObject({ intact: true, entries: 0 });
  });

  it('has nothing behind its head, though it may fit', async () => {
    const trail = trailOf(5);
    const head = trail.written[2] ?? genesis;
    trail.head = () => Promise.resolve({ seq: head.seq, hash: head.hash });
    expect(await verifyTrail(trail, [])).toMatchObject({
      verdict: { intact: false, how: 'inserted', seq: 4 },
      head: { seq: 3 },
    });
  });

  it('names what was put between entries that were appended meanwhile', async () => {
    const [trail, stranger] = [trailOf(6), trailOf(6).written[4]];
    const heads = [3, 6, 6].map((size) => trail.written[size - 1] ?? genesis);
    trail.written = trail.written.map((record, at) => (at === 4 && stranger ? stranger : record));
    trail.head = () => Promise.resolve(heads.shift() ?? genesis);
    expect((await verifyTrail(trail, [])).verdict).toMatchObject({ intact: false, how: 'edited', seq: 4 });
  });

  it('is compared with a head that was moved away while it was followed', async () => {
    const trail = trailOf(5);
    const heads = [trail.written[4], { seq: 5, hash: 'f'.repeat(64) }];
    trail.head = () => Promise.resolve(heads.shift() ?? genesis);
    expect((await verifyTrail(trail, [])).verdict).toMatchObject({ intact: false, how: 'rewritten', seq: 5 });
  });
});
