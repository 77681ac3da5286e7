import type { PolicyDocument } from './approval-policy.ts';
import { clockChanges, dayMs, dayOf, instantsOf, type WallTime, wallTimeAt } from './wall-clock.ts';

/** A stretch of the week that repeats; one that does not end after it begins ends on the next day. */
export type Hours = PolicyDocument['changeWindows'][number];

/** A stretch of time in which nothing starts. */
export type Freeze = PolicyDocument['freezes'][number];

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/**
 * Whether the clock on the wall shows a time within the hours. The wall clock alone decides: in the hour that clocks
 * repeat the hours hold twice, in the hour they skip they do not hold at all. What runs past midnight belongs to the day
 * it began on.
 */
export function isWithin(hours: Hours, timeZone: string, at: Date): boolean {
  const wall = wallTimeAt(at, timeZone);
  const day = dayOf(wall);
  const minute = Math.floor((wall - day) / 60_000);
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  const overMidnight = to <= from;
  if (holdsOn(hours, day) && minute >= from && (overMidnight || minute < to)) return true;
  return overMidnight && minute < to && holdsOn(hours, dayBefore(day, timeZone));
}

/** The freeze that holds at a moment; of several the one that ends last; null when none does. */
export function freezeAt(freezes: readonly Freeze[], at: Date): Freeze | null {
  const holding = freezes.filter(({ from, to }) => new Date(from) <= at && at < new Date(to));
  return holding.toSorted((left, right) => Date.parse(right.to) - Date.parse(left.to))[0] ?? null;
}

/**
 * The first moment, not before `from`, at which something may start: inside one of the windows and in no freeze.
 * `windows` null means at any time. Null when no such moment comes within 35 days after the last freeze.
 */
export function nextOpening(
  windows: readonly Hours[] | null,
  freezes: readonly Freeze[],
  timeZone: string,
  from: Date,
): Date | null {
  let at: Date | null = from;
  while (at) {
    const freeze = freezeAt(freezes, at);
    if (freeze) at = new Date(freeze.to);
    else if (windows === null || windows.some((hours) => isWithin(hours, timeZone, at ?? from))) return at;
    else at = nextMoment(windows, timeZone, at, (moment) => windows.some((hours) => isWithin(hours, timeZone, moment)));
  }
  return null;
}

/** When the windows that are open at `at` have all closed; null when they never do, or none is open. */
export function nextClosing(windows: readonly Hours[], timeZone: string, at: Date): Date | null {
  if (!windows.some((hours) => isWithin(hours, timeZone, at))) return null;
  return nextMoment(windows, timeZone, at, (moment) => !windows.some((hours) => isWithin(hours, timeZone, moment)));
}

/** The first moment, not before `at`, outside the quiet hours; null when they never end. */
export function nextQuietEnd(quiet: Hours | null, timeZone: string, at: Date): Date | null {
  if (quiet === null || !isWithin(quiet, timeZone, at)) return at;
  return nextMoment([quiet], timeZone, at, (moment) => !isWithin(quiet, timeZone, moment));
}

/** Hours that hold on one weekday only can miss it, when a time zone skips a day or the hour of a clock change. */
const searchDays = 35;

/** The first moment after `from` at which something about the hours can change and the condition holds. */
function nextMoment(
  hours: readonly Hours[],
  timeZone: string,
  from: Date,
  holds: (moment: Date) => boolean,
): Date | null {
  for (let day = 0; day < searchDays; day += 1) {
    const start = new Date(from.getTime() + day * dayMs);
    const found = boundaries(hours, timeZone, start).find((moment) => moment > from && holds(moment));
    if (found) return found;
  }
  return null;
}

/** Every moment of the 24 hours from `start` at which the hours can begin or end, in order. */
function boundaries(hours: readonly Hours[], timeZone: string, start: Date): Date[] {
  const end = new Date(start.getTime() + dayMs);
  const minutes = new Set([0, ...hours.flatMap((one) => [minuteOf(one.from), minuteOf(one.to)])]);
  const walls = daysBetween(wallTimeAt(start, timeZone), wallTimeAt(end, timeZone)).flatMap((day) =>
    [...minutes].map((minute) => day + minute * 60_000),
  );
  return [...walls.flatMap((wall) => instantsOf(wall, timeZone)), ...clockChanges(timeZone, start, end)]
    .filter((at) => start <= at && at <= end)
    .toSorted((left, right) => left.getTime() - right.getTime());
}

/** The days of two wall times and what is between them: a day in which clocks are put forward fits between two others. */
function daysBetween(from: WallTime, until: WallTime): WallTime[] {
  const days = [];
  for (let day = dayOf(from); day <= until; day += dayMs) days.push(day);
  return days;
}

function holdsOn({ days }: Hours, day: WallTime): boolean {
  const name = weekdays[new Date(day).getUTCDay()];
  return name !== undefined && days.includes(name);
}

/** The day that really was before: a time zone can skip one when it moves across the date line. */
function dayBefore(day: WallTime, timeZone: string): WallTime {
  const before = day - dayMs;
  return instantsOf(before + dayMs / 2, timeZone).length > 0 ? before : before - dayMs;
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}
