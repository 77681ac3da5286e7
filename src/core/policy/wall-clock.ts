/** Milliseconds of a calendar day. */
export const dayMs = 86_400_000;

/** What a clock on a wall in a time zone shows, as milliseconds of the same date and time in UTC. */
export type WallTime = number;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** Whether this machine knows a time zone by this IANA name. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return formatOf(timeZone) !== undefined;
  } catch {
    return false;
  }
}

/** Asking takes microseconds, and the same few moments are asked for again and again. */
const remembered = new Map<string, WallTime>();
const mostRemembered = 10_000;

/** What the wall clock shows at an instant, to the second. Throws `RangeError` for an unknown time zone. */
export function wallTimeAt(at: Date, timeZone: string): WallTime {
  const key = `${timeZone} ${Math.floor(at.getTime() / 1000)}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const wall = askedFor(at, timeZone);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, wall);
  return wall;
}

function askedFor(at: Date, timeZone: string): WallTime {
  // The text is always `month/day/year, hour:minute:second`; reading it is much cheaper than asking for its parts.
  const [month = 1, day = 1, year = 0, hour = 0, minute = 0, second = 0] = formatOf(timeZone)
    .format(at)
    .split(/\D+/)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Midnight of the day a wall clock shows. */
export function dayOf(wall: WallTime): WallTime {
  return Math.floor(wall / dayMs) * dayMs;
}

/** No zone is further from UTC, and no change of clocks is further from the next one, than this. */
const reachMs = 26 * 3_600_000;

/**
 * The instants at which a wall clock shows a time, earliest first: usually one, two when clocks are put back over it,
 * none when they are put forward over it.
 */
export function instantsOf(wall: WallTime, timeZone: string): Date[] {
  const offsets = new Set([-reachMs, reachMs].map((away) => offsetAt(new Date(wall + away), timeZone)));
  return [...offsets]
    .map((offset) => new Date(wall - offset))
    .filter((at) => wallTimeAt(at, timeZone) === wall)
    .toSorted((left, right) => left.getTime() - right.getTime());
}

/** The instants between two others at which the clocks of a time zone are changed. */
export function clockChanges(timeZone: string, from: Date, until: Date): Date[] {
  const changes: Date[] = [];
  for (let start = from.getTime(); start < until.getTime(); start += dayMs) {
    const end = Math.min(start + dayMs, until.getTime());
    if (offsetAt(new Date(start), timeZone) !== offsetAt(new Date(end), timeZone)) {
      changes.push(changeBetween(start, end, timeZone));
    }
  }
  return changes;
}

function changeBetween(from: number, until: number, timeZone: string): Date {
  const old = offsetAt(new Date(from), timeZone);
  let [before, after] = [Math.floor(from / 1000), Math.ceil(until / 1000)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(new Date(middle * 1000), timeZone) === old) before = middle;
    else after = middle;
  }
  return new Date(after * 1000);
}

function offsetAt(at: Date, timeZone: string): number {
  return wallTimeAt(at, timeZone) - Math.floor(at.getTime() / 1000) * 1000;
}
