import { describe, expect, it } from 'vitest';
import { localMoment, localTime, showDuration, showMoment, writeMoments } from '../../src/views/time.ts';

const now = new Date('2026-11-21T14:05:00Z');

describe('views/time', () => {
  it.each([
    ['2026-11-21T14:17:00Z', 'in 12 min'],
    ['2026-11-21T14:05:30Z', 'in 30 s'],
    ['2026-11-21T14:05:00Z', 'now'],
    ['2026-11-21T13:00:00Z', '1 h 5 min ago'],
    ['2026-11-22T00:05:00Z', 'in 10 h'],
    ['2027-01-02T14:05:00Z', 'in 42 d'],
  ])('marks date and time of %s and says %s', (iso, distance) => {
    expect(localTime(iso, now)).toBe(`{{DATE(${iso},SHORT)}} {{TIME(${iso})}} (${distance})`);
  });

  it.each([
    ['2026-11-21T14:17:00Z', '14:17 UTC'],
    ['2026-11-22T00:05:00Z', '22 Nov 00:05 UTC'],
    ['2027-01-02T14:05:00Z', '2 Jan 2027 14:05 UTC'],
  ])('shows %s in plain text as %s', (iso, shown) => {
    expect(showMoment(iso, now)).toBe(shown);
  });

  it('names a time that cannot be read', () => {
    expect(localTime('nonsense', now)).toBe('an unknown time');
  });

  it.each([
    ['de-DE', 'Europe/Berlin', /21\. Nov\. 2026, 15:05/u],
    ['en-US', 'America/New_York', /Nov 21, 2026, 09:05 AM EST/u],
    ['ar-EG', 'Africa/Cairo', /٢٠٢٦/u],
    ['ja-JP', 'Asia/Tokyo', /2026年11月21日 23:05/u],
    [null, 'Europe/Berlin', /21 Nov 2026, 15:05 CET/u],
    [null, null, /21 Nov 2026, 14:05 UTC/u],
    ['de-DE', null, /21 Nov 2026, 14:05 UTC/u],
  ])('writes a moment for readers of %s in %s', (locale, timeZone, expected) => {
    const shown = writeMoments({ locale, timeZone }, `at ${localMoment('2026-11-21T14:05:00.123Z')}.`);
    expect(shown).toMatch(expected);
    expect(shown).not.toContain('{{');
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
