import type { Reader } from '../core/reader.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** A length of time in its two largest units, e.g. `2 h 5 min`. */
export function showDuration(seconds: number): string {
  let left = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0 s';
}

/** A moment in plain text, where nothing can be put in later, e.g. `14:05 UTC`, with the day when it is another one. */
export function showMoment(iso: string, now: Date): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return 'an unknown time';
  const time = `${at.toISOString().slice(11, 16)} UTC`;
  if (at.toISOString().slice(0, 10) === now.toISOString().slice(0, 10)) return time;
  const year = at.getUTCFullYear() === now.getUTCFullYear() ? '' : ` ${at.getUTCFullYear()}`;
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]}${year} ${time}`;
}

/**
 * A moment on a card: the client writes date and time as its reader does, in the reader's zone. The text must reach the
 * card as it is, and a card may be read days later, so the date is always there.
 */
export function localMoment(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return 'an unknown time';
  // With milliseconds no client understands it.
  const whole = `${at.toISOString().slice(0, 19)}Z`;
  return `{{DATE(${whole},SHORT)}} {{TIME(${whole})}}`;
}

/** As `localMoment`, and how far away it is: `… (in 12 min)`. */
export function localTime(iso: string, now: Date): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? 'an unknown time' : `${localMoment(iso)} (${showDistance(seconds)})`;
}

/** Moments as texts of the core carry them. */
const written = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\b/g;

/** A text for a card whose moments, written `2026-11-21 14:05 UTC`, are shown in the reader's zone by the client. */
export function localMoments(text: string): string {
  return text.replace(written, (_whole, day: string, time: string) => localMoment(`${day}T${time}:00Z`));
}

/** As `localMoments` for plain text: in the reader's zone and way of writing when they are known, else as it is. */
export function momentsFor({ locale, timeZone }: Reader, text: string): string {
  if (timeZone === null) return text;
  return text.replace(written, (whole, day: string, time: string) => {
    const at = new Date(`${day}T${time}:00Z`);
    return Number.isNaN(at.getTime()) ? whole : inZone(at, locale ?? 'en-GB', timeZone);
  });
}

function inZone(at: Date, locale: string, timeZone: string): string {
  const shape = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(locale, { ...shape, timeZone, timeZoneName: 'short' }).format(at);
}

function showDistance(seconds: number): string {
  if (Math.abs(seconds) < 1) return 'now';
  // Seconds matter in the last minute only.
  const whole = Math.abs(seconds) < 60 ? Math.abs(seconds) : Math.round(Math.abs(seconds) / 60) * 60;
  return seconds > 0 ? `in ${showDuration(whole)}` : `${showDuration(whole)} ago`;
}
