import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestCard } from '../../src/views/digest.ts';
import { bytesOf, expand } from './expand.ts';
import { hostileText, live } from './hostile.ts';

describe('views/digest', () => {
  it('stays small and harmless whatever twenty notices say', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom('漢', '"', '😀', 'x'), (text, filler) => {
        const said = text + filler.repeat(3000);
        const notice = {
          kind: 'finished',
          requestId: said,
          headline: said,
          body: said,
          details: [],
          tone: 'bad',
        } as const;
        const card = expand(digestCard({ period: null, notices: Array.from({ length: 20 }, () => notice) }));
        expect(bytesOf(card)).toBeLessThanOrEqual(28 * 1024 - 600);
        expect(JSON.stringify(card)).not.toMatch(live);
      }),
      { numRuns: 50 },
    );
  });

  it('shows moments in the reader’s own time', () => {
    const notice = {
      kind: 'take-back',
      requestId: 'R-1',
      headline: 'taken back at 2026-11-21 14:20 UTC',
      body: '',
      details: [],
      tone: 'attention',
    } as const;
    const card = JSON.stringify(expand(digestCard({ period: 'daily', notices: [notice] })));
    expect(card).toContain('taken back at {{DATE(2026-11-21T14:20:00Z,SHORT)}} {{TIME(2026-11-21T14:20:00Z)}}');
  });
});
