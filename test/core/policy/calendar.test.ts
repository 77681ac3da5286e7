import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Freeze,
  freezeAt,
  type Hours,
  isWithin,
  nextClosing,
  nextOpening,
  nextQuietEnd,
} from '../../../src/core/policy/calendar.ts';
import { instantsOf, isTimeZone, wallTimeAt } from '../../../src/core/policy/wall-clock.ts';

const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';
const lordHowe = 'Australia/Lord_Howe';
const apia = 'Pacific/Apia';

const everyDay: Hours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const night = (from: string, to: string, ...days: Hours['days']): Hours => ({
  days: days.length > 0 ? days : everyDay,
  from,
  to,
});

function opens(hours: Hours, timeZone: string, from: string, freezes: readonly Freeze[] = []): string | undefined {
  return nextOpening([hours], freezes, timeZone, new Date(from))?.toISOString();
}

function closes(hours: Hours, timeZone: string, at: string): string | undefined {
  return nextClosing([hours], timeZone, new Date(at))?.toISOString();
}

describe('core/policy/calendar on ordinary nights', () => {
  it('reads hours in the time zone and not in UTC', () => {
    const hours = night('09:00', '17:00', 'mon');
    expect(isWithin(hours, berlin, new Date('2026-11-23T08:00:00Z'))).toBe(true);
    expect(isWithin(hours, berlin, new Date('2026-11-23T07:59:59Z'))).toBe(false);
    expect(isWithin(hours, berlin, new Date('2026-11-23T15:59:59Z'))).toBe(true);
    expect(isWithin(hours, berlin, new Date('2026-11-23T16:00:00Z'))).toBe(false);
    expect(isWithin(hours, newYork, new Date('2026-11-23T08:00:00Z'))).toBe(false);
  });

  it('counts what runs past midnight to the day it began on', () => {
    const hours = night('22:00', '04:00', 'sat');
    expect(isWithin(hours, berlin, new Date('2026-11-21T21:00:00Z'))).toBe(true);
    expect(isWithin(hours, berlin, new Date('2026-11-22T02:59:00Z'))).toBe(true);
    expect(isWithin(hours, berlin, new Date('2026-11-22T03:00:00Z'))).toBe(false);
    expect(isWithin(hours, berlin, new Date('2026-11-21T02:00:00Z'))).toBe(false);
    expect(isWithin(hours, berlin, new Date('2026-11-22T21:00:00Z'))).toBe(false);
  });

  it('takes hours that end when they begin as a whole day', () => {
    const hours = night('08:00', '08:00', 'sun');
    expect(opens(hours, 'UTC', '2026-11-21T12:00:00Z')).toBe('2026-11-22T08:00:00.000Z');
    expect(closes(hours, 'UTC', '2026-11-22T08:00:00Z')).toBe('2026-11-23T08:00:00.000Z');
  });

  it('starts at once inside a window and at the next one outside', () => {
    const hours = night('22:00', '04:00', 'sat');
    expect(opens(hours, berlin, '2026-11-21T22:30:00Z')).toBe('2026-11-21T22:30:00.000Z');
    expect(opens(hours, berlin, '2026-11-22T03:00:00Z')).toBe('2026-11-28T21:00:00.000Z');
  });

  it('waits for the end of a freeze and then for the next window', () => {
    const freezes = [
      { from: '2026-11-20T00:00:00Z', to: '2026-11-22T00:00:00Z', reason: 'Black week' },
      { from: '2026-11-21T23:00:00Z', to: '2026-11-24T00:00:00Z', reason: 'Audit' },
    ];
    expect(opens(night('22:00', '04:00', 'sat'), berlin, '2026-11-21T22:00:00Z', freezes)).toBe(
      '2026-11-28T21:00:00.000Z',
    );
    const anyTime = nextOpening(null, freezes, berlin, new Date('2026-11-21T22:00:00Z'));
    expect(anyTime?.toISOString()).toBe('2026-11-24T00:00:00.000Z');
    expect(freezeAt(freezes, new Date('2026-11-21T23:30:00Z'))?.reason).toBe('Audit');
    expect(freezeAt(freezes, new Date('2026-11-24T00:00:00Z'))).toBe(null);
  });

  it('finds no opening where there is no window', () => {
    expect(nextOpening([], [], berlin, new Date('2026-11-21T22:00:00Z'))).toBe(null);
  });

  it('defers to the end of quiet hours, and finds none when it is always quiet', () => {
    const quiet = night('20:00', '07:00');
    const end = (at: string) => nextQuietEnd(quiet, berlin, new Date(at))?.toISOString();
    expect(end('2026-11-21T12:00:00Z')).toBe('2026-11-21T12:00:00.000Z');
    expect(end('2026-11-21T21:15:00Z')).toBe('2026-11-22T06:00:00.000Z');
    expect(nextQuietEnd(null, berlin, new Date(0))?.getTime()).toBe(0);
    expect(nextQuietEnd(night('00:00', '00:00'), berlin, new Date('2026-11-21T12:00:00Z'))).toBe(null);
  });

  it('knows time zones by their IANA names', () => {
    expect([berlin, newYork, lordHowe, apia, 'UTC'].every(isTimeZone)).toBe(true);
    expect(isTimeZone('Europe/Berlyn')).toBe(false);
  });
});

describe('core/policy/calendar in nights of a clock change', () => {
  it('opens at the first minute that exists when Berlin skips the hour from 02:00', () => {
    const hours = night('02:30', '04:00', 'sun');
    expect(opens(hours, berlin, '2026-03-28T23:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(closes(hours, berlin, '2026-03-29T01:00:00Z')).toBe('2026-03-29T02:00:00.000Z');
  });

  it('leaves out a window that lies within the skipped hour', () => {
    const hours = night('02:00', '03:00', 'sun');
    expect(opens(hours, berlin, '2026-03-28T23:00:00Z')).toBe('2026-04-05T00:00:00.000Z');
  });

  it('opens again when Berlin repeats the hour from 02:00', () => {
    const hours = night('01:30', '02:30', 'sun');
    expect(opens(hours, berlin, '2026-10-24T22:00:00Z')).toBe('2026-10-24T23:30:00.000Z');
    expect(closes(hours, berlin, '2026-10-24T23:30:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(opens(hours, berlin, '2026-10-25T00:30:00Z')).toBe('2026-10-25T01:00:00.000Z');
    expect(closes(hours, berlin, '2026-10-25T01:00:00Z')).toBe('2026-10-25T01:30:00.000Z');
  });

  it('keeps a window over the whole night in one piece, an hour shorter and an hour longer', () => {
    const hours = night('22:00', '06:00', 'sat');
    const length = (from: string) => {
      const start = nextOpening([hours], [], berlin, new Date(from));
      const end = start && nextClosing([hours], berlin, start);
      return start && end && (end.getTime() - start.getTime()) / 3_600_000;
    };
    expect(length('2026-03-28T12:00:00Z')).toBe(7);
    expect(length('2026-10-24T12:00:00Z')).toBe(9);
    expect(length('2026-11-21T12:00:00Z')).toBe(8);
  });

  it('follows New York, whose clocks change on other days than those of Europe', () => {
    const hours = night('02:00', '05:00', 'sun');
    expect(opens(hours, newYork, '2026-03-08T00:00:00Z')).toBe('2026-03-08T07:00:00.000Z');
    expect(opens(hours, newYork, '2026-03-15T00:00:00Z')).toBe('2026-03-15T06:00:00.000Z');
    const repeated = night('01:00', '02:00', 'sun');
    expect(opens(repeated, newYork, '2026-11-01T00:00:00Z')).toBe('2026-11-01T05:00:00.000Z');
    expect(closes(repeated, newYork, '2026-11-01T05:00:00Z')).toBe('2026-11-01T07:00:00.000Z');
  });

  it('follows Lord Howe, whose clocks move by half an hour', () => {
    const skipped = night('02:15', '03:00', 'sun');
    expect(opens(skipped, lordHowe, '2026-10-03T12:00:00Z')).toBe('2026-10-03T15:30:00.000Z');
    expect(closes(skipped, lordHowe, '2026-10-03T15:30:00Z')).toBe('2026-10-03T16:00:00.000Z');
    const repeated = night('01:45', '01:50', 'sun');
    expect(opens(repeated, lordHowe, '2026-04-04T12:00:00Z')).toBe('2026-04-04T14:45:00.000Z');
    expect(opens(repeated, lordHowe, '2026-04-04T14:50:00Z')).toBe('2026-04-04T15:15:00.000Z');
  });

  it('sees the end of a day before a short one, when 24 hours from now are two days away', () => {
    const saturday = { days: ['sat' as const], from: '00:00', to: '00:00' };
    const end = nextQuietEnd(saturday, lordHowe, new Date('2026-10-03T13:29:00Z'));
    expect(end?.toISOString()).toBe('2026-10-03T13:30:00.000Z');
  });

  it('follows Apia over the Friday it skipped', () => {
    expect(opens(night('10:00', '12:00', 'fri'), apia, '2011-12-30T00:00:00Z')).toBe('2012-01-05T20:00:00.000Z');
    const overMidnight = night('22:00', '04:00', 'thu');
    expect(opens(overMidnight, apia, '2011-12-30T00:00:00Z')).toBe('2011-12-30T08:00:00.000Z');
    expect(closes(overMidnight, apia, '2011-12-30T08:00:00Z')).toBe('2011-12-30T14:00:00.000Z');
    expect(isWithin(night('22:00', '04:00', 'fri'), apia, new Date('2011-12-30T11:00:00Z'))).toBe(false);
  });
});

const zones = fc.constantFrom(
  berlin,
  newYork,
  lordHowe,
  apia,
  'UTC',
  'Asia/Kolkata',
  'Africa/Cairo',
  'America/Caracas',
);
const minute = fc.integer({ min: 0, max: 1439 });
const time = minute.map(
  (all) => `${String(Math.floor(all / 60)).padStart(2, '0')}:${String(all % 60).padStart(2, '0')}`,
);
const someHours: fc.Arbitrary<Hours> = fc.record({
  days: fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 1 }),
  from: time,
  to: time,
});
/** Around a change of clocks, or anywhere. */
const someMoment = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29T01:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-03-08T07:00:00Z',
      '2026-11-01T06:00:00Z',
      '2026-10-03T15:30:00Z',
      '2026-04-04T15:00:00Z',
      '2011-12-30T10:00:00Z',
      '2026-07-01T00:00:00Z',
    ),
    fc.integer({ min: -4 * 1440, max: 4 * 1440 }),
  )
  .map(([base, minutes]) => new Date(Date.parse(base) + minutes * 60_000));

describe('core/policy/calendar for any hours', () => {
  it('gives an opening at which a window is open, no freeze holds, and before which none was open', () => {
    fc.assert(
      fc.property(fc.array(someHours, { minLength: 1, maxLength: 2 }), zones, someMoment, (windows, zone, from) => {
        const freeze = {
          from: from.toISOString(),
          to: new Date(from.getTime() + 7_200_000).toISOString(),
          reason: 'x',
        };
        const opening = nextOpening(windows, [freeze], zone, from);
        if (opening === null) return;
        const open = (at: Date) => windows.some((hours) => isWithin(hours, zone, at));
        expect(open(opening)).toBe(true);
        expect(freezeAt([freeze], opening)).toBe(null);
        // Minute by minute for two hours, then in larger steps: nothing was open before.
        for (let at = Date.parse(freeze.to); at < opening.getTime(); at += 11 * 60_000) {
          expect(open(new Date(at))).toBe(false);
        }
        const justBefore = new Date(opening.getTime() - 60_000);
        if (justBefore >= new Date(freeze.to)) expect(open(justBefore)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('ends quiet hours at a moment that is not quiet, with nothing but quiet before', () => {
    fc.assert(
      fc.property(someHours, zones, someMoment, (quiet, zone, at) => {
        const end = nextQuietEnd(quiet, zone, at);
        if (end === null) return;
        expect(isWithin(quiet, zone, end)).toBe(false);
        for (let one = at.getTime(); one < end.getTime(); one += 7 * 60_000) {
          expect(isWithin(quiet, zone, new Date(one))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('agrees with the wall clock about every instant it names', () => {
    fc.assert(
      fc.property(zones, someMoment, (zone, at) => {
        const wall = wallTimeAt(at, zone);
        const instants = instantsOf(wall, zone);
        expect(instants.map(Number)).toContain(at.getTime());
        expect(instants.every((one) => wallTimeAt(one, zone) === wall)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
