import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/core/notice.ts';
import type { Letter } from '../../src/ports/letters.ts';
import { letterBatches } from '../../src/teams/letter-batches.ts';
import { digestCard } from '../../src/views/digest.ts';

function letter(id: number, change: Partial<Notice> = {}, more: Partial<Letter> = {}): Letter {
  const plain = { kind: 'finished', headline: `${id}`, body: '', details: [], tone: 'neutral' } as const;
  const notice: Notice = { ...plain, requestId: `R-${id}`, ...change };
  const where = { conversation: '19:a', audience: 'thread', digest: null, by: null, wish: 'notices' } as const;
  return { id: `${id}`, key: `${id}`, ...where, notice, tried: 0, refusals: 0, otherwise: null, ...more };
}

const sizes = (letters: readonly Letter[]): readonly number[] => letterBatches(letters).map(({ length }) => length);

describe('letters in hand at once', () => {
  it('that somebody must act on share a card: sixty reminders are three alerts', () => {
    const reminders = Array.from({ length: 60 }, (_, id) => letter(id, { kind: 'reminder' }));

    expect(sizes(reminders)).toEqual([20, 20, 20]);
    expect(sizes(reminders.slice(0, 2))).toEqual([2]);
  });

  it('that somebody must act on share none with what nobody must act on, also when they alternate', () => {
    const letters = Array.from({ length: 12 }, (_, id) => letter(id, { kind: id % 2 === 0 ? 'reminder' : 'proven' }));

    expect(sizes(letters)).toEqual([6, 6]);
  });

  it('of one request are never told in another order', () => {
    const kinds = ['held', 'paused', 'proven', 'disproven'] as const;
    const letters = Array.from({ length: 12 }, (_, id) =>
      letter(id, { requestId: 'R-1', kind: kinds[id % 4] ?? 'held' }),
    );

    expect(letterBatches(letters).flat()).toEqual(letters);
  });

  it('are all posted once, each request in order, with those apart that may have been shown', () => {
    const one = fc.record({
      request: fc.nat(4),
      kind: fc.constantFrom<Notice['kind']>('reminder', 'undo-failed', 'proven', 'settled'),
      digest: fc.constantFrom(null, null, 'hourly' as const),
      tried: fc.constantFrom(0, 0, 1),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 80 }), (all) => {
        const letters = all.map(({ request, kind, digest, tried }, id) =>
          letter(id, { requestId: `R-${request}`, kind }, { digest: kind === 'proven' ? digest : null, tried }),
        );
        const batches = letterBatches(letters);
        const posted = batches.flat();
        expect(posted.map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual(letters.map((_, id) => id));
        for (const { notice } of letters) {
          const of = (some: readonly Letter[]) => some.filter((each) => each.notice.requestId === notice.requestId);
          expect(of(posted)).toEqual(of(letters));
        }
        for (const batch of batches) expect(new Set(batch.map(({ tried }) => tried > 0)).size).toBe(1);
      }),
    );
  });

  it('that somebody must act on are one card with one alert and every headline', () => {
    const notices = Array.from({ length: 20 }, (_, id) => letter(id, { kind: 'reminder', headline: `decide ${id}.` }));
    const card = digestCard({ period: null, notices: notices.map(({ notice }) => notice) });

    expect(card.urgent).toBe(true);
    for (const { notice } of notices) expect(JSON.stringify(card.model)).toContain(notice.headline);
    expect(JSON.stringify(card.model)).toContain('Several things need somebody now: 20 notices');
    const calm = { ...notices[0]?.notice, kind: 'proven' } as Notice;
    expect(digestCard({ period: 'daily', notices: [calm] }).urgent).toBeUndefined();
  });
});
