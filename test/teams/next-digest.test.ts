import { describe, expect, it } from 'vitest';
import { nextDigest } from '../../src/teams/next-digest.ts';

describe('teams/next-digest', () => {
  it.each([
    ['2026-11-21T09:00:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T09:59:59Z', '2026-11-21T10:00:00.000Z'],
  ])('of an hour that includes %s is at %s', (now, expected) => {
    expect(nextDigest('hourly', new Date(now), 'Asia/Kolkata').toISOString()).toBe(expected);
  });

  it.each([
    [null, '2026-11-21T07:59:00Z', '2026-11-21T08:00:00.000Z'],
    [null, '2026-11-21T08:00:00Z', '2026-11-22T08:00:00.000Z'],
    ['Europe/Berlin', '2026-11-21T07:30:00Z', '2026-11-22T07:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-21T02:20:00Z', '2026-11-21T02:30:00.000Z'],
    ['Asia/Kathmandu', '2026-11-21T02:05:00Z', '2026-11-21T02:15:00.000Z'],
    ['Asia/Kathmandu', '2026-11-21T02:15:00Z', '2026-11-22T02:15:00.000Z'],
    ['Asia/Kathmandu', '2026-11-21T02:20:00Z', '2026-11-22T02:15:00.000Z'],
    ['Pacific/Auckland', '2026-11-21T20:00:00Z', '2026-11-22T19:00:00.000Z'],
    // The nights in which clocks change have 25 and 23 hours.
    ['Europe/Berlin', '2026-10-24T07:00:00Z', '2026-10-25T07:00:00.000Z'],
    ['Europe/Berlin', '2026-03-28T08:00:00Z', '2026-03-29T06:00:00.000Z'],
  ])('of a day in %s after %s is at %s', (timeZone, now, expected) => {
    expect(nextDigest('daily', new Date(now), timeZone).toISOString()).toBe(expected);
  });
});
