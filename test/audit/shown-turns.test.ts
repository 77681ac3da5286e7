import { describe, expect, it } from 'vitest';
import { selectionText } from '../../src/app/audit-verdicts.ts';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { type AuditRecord, chainEntry, genesis } from '../../src/core/audit/chain.ts';
import { type ChainVerdict, verifyChain } from '../../src/core/audit/verify-chain.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

/** The entries of a trail, each counted within what it is about. */
function trailOf(requestIds: readonly string[]): AuditRecord[] {
  const turns = new Map<string, number>();
  const records: AuditRecord[] = [];
  for (const [index, requestId] of requestIds.entries()) {
    const turn = (turns.get(requestId) ?? 0) + 1;
    turns.set(requestId, turn);
    const entry = { ...auditOf(sampleRequest()), requestId };
    const event = { ...auditEvent(entry, new Date(0), String(index), null), turn };
    records.push(chainEntry(records.at(-1) ?? genesis, event));
  }
  return records;
}

const [one, two] = ['R-1', 'R-2'];
const trail = trailOf([one, two, one, 'audit-trail', two, one, 'audit-trail', 'audit-trail', one]);

function verify(records: readonly AuditRecord[]): Promise<ChainVerdict> {
  return verifyChain(() => records, { selection: true });
}

describe('a selection', () => {
  it('misses what was taken out between two entries of a request', async () => {
    const shown = trail.filter(({ entry }) => entry.includes(`"requestId":"${one}"`));
    expect(await verify(shown)).toMatchObject({ intact: true, entries: 4 });
    for (const index of [1, 2]) {
      const left = shown.toSpliced(index, 1);
      expect(await verify(left)).toMatchObject({
        intact: false,
        how: 'deleted',
        seq: left[index]?.seq,
        explanation: expect.stringContaining(one),
      });
    }
  });

  it('may begin and end anywhere, and leave out what belongs to no request', async () => {
    expect(await verify(trail.slice(2, 7))).toMatchObject({ intact: true });
    expect(await verify(trail.toSpliced(6, 1))).toMatchObject({ intact: true });
  });

  it('is never called the whole trail', async () => {
    const text = selectionText(await verify(trail.slice(2, 7)));
    expect(text).toContain('The selection holds together: 5 entries up to number 7');
    expect(text).toContain('Entries of other requests and times are not in it');
    expect(text).not.toContain('trail is whole:');
    expect(selectionText(await verify([]))).toBe('The selection is empty.');
    expect(selectionText(await verify(trail.slice(2, 7).toReversed()))).toContain('BROKEN');
  });
});
