import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { type AuditRecord, chainEntry, genesis, type Link } from '../../src/core/audit/chain.ts';
import { verifyChain } from '../../src/core/audit/verify-chain.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';
import { renumbered, sampleTrail } from './sample-trail.ts';

const trail = sampleTrail(40);
const head = trail.at(-1) ?? genesis;
const places = fc.integer({ min: 1, max: trail.length - 2 });
const spoil = (record: AuditRecord): AuditRecord => ({ ...record, entry: record.entry.replace('accepted', 'refused') });

const at = (records: readonly AuditRecord[], index: number): AuditRecord => {
  const record = records[index];
  if (!record) throw new Error(`there is no record ${index}`);
  return record;
};

/** Whoever knows how the chain is made makes it anew from a place on. */
const rehashed = (records: readonly AuditRecord[], from: number): AuditRecord[] => {
  const result = records.slice(0, from);
  for (const { entry } of records.slice(from)) {
    const last: Link = result.at(-1) ?? genesis;
    result.push(chainEntry(last, JSON.parse(entry)));
  }
  return result;
};

const holds = (property: fc.IAsyncProperty<[number]>): Promise<void> => Promise.resolve(fc.assert(property));

describe('verifyChain', () => {
  it('finds a trail whole that nobody touched, of any length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 }), async (length) => {
        const records = sampleTrail(length);
        const last = records.at(-1) ?? genesis;
        const verdict = await verifyChain(() => records, { head: last });
        expect(verdict).toEqual({
          intact: true,
          entries: length,
          last: { seq: last.seq, hash: last.hash },
          signedSize: 0,
        });
      }),
      { numRuns: 20 },
    );
  });

  it('names an entry that was edited', async () => {
    await holds(
      fc.asyncProperty(places, async (index) => {
        const edited = trail.with(index, spoil(at(trail, index)));
        expect(await verifyChain(() => edited)).toMatchObject({ intact: false, how: 'edited', seq: index + 1 });
      }),
    );
  });

  it('names an entry that was edited and given a fitting hash', async () => {
    await holds(
      fc.asyncProperty(places, async (index) => {
        const forged = chainEntry(at(trail, index - 1), JSON.parse(spoil(at(trail, index)).entry));
        const edited = trail.with(index, forged);
        expect(await verifyChain(() => edited)).toMatchObject({ intact: false, how: 'edited', seq: index + 1 });
      }),
    );
  });

  it.each(['as it is', 'with the numbers closed up'])('names an entry that was deleted, %s', async (kind) => {
    await holds(
      fc.asyncProperty(places, async (index) => {
        const left = trail.toSpliced(index, 1);
        const shown = kind === 'as it is' ? left : renumbered(left);
        expect(await verifyChain(() => shown)).toMatchObject({ intact: false, how: 'deleted', seq: index + 1 });
      }),
    );
  });

  it('names an entry that was inserted, with the later ones moved up', async () => {
    const request = sampleRequest();
    await holds(
      fc.asyncProperty(places, async (index) => {
        const newcomer = chainEntry(at(trail, index - 1), auditEvent(auditOf(request), new Date(), 'new', null));
        const longer = renumbered(trail.toSpliced(index, 0, newcomer));
        expect(await verifyChain(() => longer)).toMatchObject({ intact: false, how: 'inserted', seq: index + 1 });
      }),
    );
  });

  it('names an entry that was inserted twice', async () => {
    const longer = renumbered(trail.toSpliced(20, 0, at(trail, 10)));
    expect(await verifyChain(() => longer)).toMatchObject({ intact: false, how: 'inserted', seq: 21 });
  });

  it.each(['as they are', 'with their numbers exchanged'])('names entries that were exchanged, %s', async (kind) => {
    await holds(
      fc.asyncProperty(places, async (index) => {
        const swapped = trail.with(index, at(trail, index + 1)).with(index + 1, at(trail, index));
        const shown = kind === 'as they are' ? swapped : renumbered(swapped);
        expect(await verifyChain(() => shown)).toMatchObject({ intact: false, how: 'reordered', seq: index + 1 });
      }),
    );
  });

  it('names the end that was cut off, by the head or by a checkpoint', async () => {
    const signed = { origin: 'switchyard/x', size: head.seq, root: head.hash };
    await holds(
      fc.asyncProperty(places, async (length) => {
        const shorter = trail.slice(0, length);
        const expected = { intact: false, how: 'truncated', seq: length + 1 };
        expect(await verifyChain(() => shorter, { head })).toMatchObject(expected);
        expect(await verifyChain(() => shorter, { checkpoints: [signed] })).toMatchObject(expected);
      }),
    );
  });

  it('names a trail that was written anew, between the checkpoints that enclose the place', async () => {
    const checkpoints = [10, 20, 30].map((size) => ({ origin: 'x', size, root: at(trail, size - 1).hash }));
    await holds(
      fc.asyncProperty(fc.integer({ min: 0, max: 29 }), async (index) => {
        const anew = rehashed(trail.with(index, spoil(at(trail, index))), index);
        const seq = Math.floor(index / 10) * 10 + 1;
        expect(await verifyChain(() => anew, { checkpoints })).toMatchObject({ intact: false, how: 'rewritten', seq });
        expect((await verifyChain(() => anew)).intact).toBe(true);
      }),
    );
  });

  it('never takes a trail for whole that differs from the signed one in any entry', async () => {
    const checkpoints = [{ origin: 'x', size: head.seq, root: head.hash }];
    const anything = fc.array(fc.nat(trail.length - 1), { maxLength: trail.length + 5 });
    await fc.assert(
      fc.asyncProperty(anything, fc.boolean(), async (order, renumber) => {
        const picked = order.map((index) => at(trail, index));
        const shown = renumber ? renumbered(picked) : picked;
        const isSame = shown.length === trail.length && shown.every((record, index) => record.seq === index + 1);
        const verdict = await verifyChain(() => shown, { checkpoints });
        if (!isSame) expect(verdict.intact).toBe(false);
      }),
    );
  });

  it('compares with as many checkpoints as there are after years', async () => {
    const { hash: root } = at(trail, 2);
    const checkpoints = Array.from({ length: 250_000 }, () => ({ origin: 'x', size: 3, root }));
    expect(await verifyChain(() => trail, { checkpoints })).toMatchObject({ intact: true, signedSize: 3 });
    const other = [...checkpoints, { origin: 'x', size: 3, root: head.hash }];
    expect(await verifyChain(() => trail, { checkpoints: other })).toMatchObject({ intact: false, how: 'rewritten' });
  });

  it('accepts a selection only when it is told that it is one, and still finds what was changed in it', async () => {
    const some = trail.filter((_, index) => index % 3 === 1);
    expect((await verifyChain(() => some)).intact).toBe(false);
    expect(await verifyChain(() => some, { selection: true })).toMatchObject({ intact: true, entries: some.length });
    const edited = some.with(4, spoil(at(some, 4)));
    expect(await verifyChain(() => edited, { selection: true })).toMatchObject({ how: 'edited', seq: at(some, 4).seq });
    const swapped = some.with(4, at(some, 5)).with(5, at(some, 4));
    expect(await verifyChain(() => swapped, { selection: true })).toMatchObject({ intact: false, how: 'reordered' });
  });
});
