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
 * A moment on a card: a mark that `writeMoments` replaces when the card goes out, because only then is known who reads
 * it. A card may be read days later, so the date is always there. Text of unknown origin cannot hold the mark: `clean`
 * breaks it.
 */
export function localMoment(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return 'an unknown time';
  const whole = `${at.toISOString().slice(0, 19)}Z`;
  return `{{DATE(${whole},SHORT)}} {{TIME(${whole})}}`;
}

const marked = /\{\{DATE\(([\d-]{10}T[\d:]{8}Z),SHORT\)\}\} \{\{TIME\(\1\)\}\}/g;

/**
 * The marks of `localMoment` as text, in the reader's zone and way of writing when one reader is known, else in UTC.
 * The marks are functions of Adaptive Cards, but Teams does not promise them, and its desktop client shows them as they
 * stand in text runs (Microsoft, msteams-docs 4489 and 8030).
 */
export function writeMoments({ locale, timeZone }: Reader, text: string): string {
  return text.replace(marked, (_mark, iso: string) => {
    return inZone(new Date(iso), timeZone === null ? null : locale, timeZone ?? 'UTC');
  });
}

/** As `localMoment`, and how far away it is: `… (in 12 min)`. */
export function localTime(iso: string, now: Date): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? 'an unknown time' : `${localMoment(iso)} (${showDistance(seconds)})`;
}

/** Moments as texts of the core carry them. */
const written = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\b/g;

/** A text for a card whose moments, written `2026-11-21 14:05 UTC`, become marks of `localMoment`. */
export function localMoments(text: string): string {
  return text.replace(written, (_whole, day: string, time: string) => localMoment(`${day}T${time}:00Z`));
}

/** As `localMoments` for plain text: in the reader's zone and way of writing when they are known, else as it is. */
export function momentsFor({ locale, timeZone }: Reader, text: string): string {
  if (timeZone === null) return text;
  return text.replace(written, (whole, day: string, time: string) => {
    const at = new Date(`${day}T${time}:00Z`);
    return Number.isNaN(at.getTime()) ? whole : inZone(at, locale, timeZone);
  });
}

/** Making one takes milliseconds, and a card has many moments. */
const formats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 500;
const shape = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const;

function inZone(at: Date, locale: string | null, timeZone: string): string {
  const key = `${locale ?? 'en-GB'} ${timeZone}`;
  const known = formats.get(key);
  if (known) return known.format(at);
  const format = new Intl.DateTimeFormat(locale ?? 'en-GB', { ...shape, timeZone, timeZoneName: 'short' });
  if (formats.size >= mostFormats) formats.clear();
  formats.set(key, format);
  return format.format(at);
}

function showDistance(seconds: number): string {
  if (Math.abs(seconds) < 1) return 'now';
  // Seconds matter in the last minute only.
  const whole = Math.abs(seconds) < 60 ? Math.abs(seconds) : Math.round(Math.abs(seconds) / 60) * 60;
  return seconds > 0 ? `in ${showDuration(whole)}` : `${showDuration(whole)} ago`;
}
