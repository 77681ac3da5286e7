import { describe, expect, it } from 'vitest';
import { showDuration, showTime } from '../../src/views/time.ts';

const now = new Date('2026-11-21T14:05:00Z');

describe('views/time', () => {
  it.each([
    ['2026-11-21T14:17:00Z', '14:17 UTC (in 12 min)'],
    ['2026-11-21T14:05:30Z', '14:05 UTC (in 30 s)'],
    ['2026-11-21T14:05:00Z', '14:05 UTC (now)'],
    ['2026-11-21T13:00:00Z', '13:00 UTC (1 h 5 min ago)'],
    ['2026-11-22T00:05:00Z', '22 Nov 00:05 UTC (in 10 h)'],
    ['2027-01-02T14:05:00Z', '2 Jan 2027 14:05 UTC (in 42 d)'],
    ['nonsense', 'an unknown time'],
  ])('shows %s as %s', (iso, shown) => {
    expect(showTime(iso, now)).toBe(shown);
  });

  it.each([
    [0, '0 s'],
    [59.6, '1 min'],
    [90, '1 min 30 s'],
    [3600, '1 h'],
    [3661, '1 h 1 min'],
    [7200 + 60 * 5, '2 h 5 min'],
    [86_400 * 3 + 60, '3 d'],
  ])('shows %d seconds as %s', (seconds, shown) => {
    expect(showDuration(seconds)).toBe(shown);
  });
});
