import { z } from 'zod/v4';
import { plainText } from '../answer.ts';

// Exchange answers null where nothing was ever set, leaves properties out on older objects, repeats and reorders lists,
// and says the same thing in several ways. What comes out of here is the same for every read of an unchanged object.

const LONGEST_TEXT = 8192;
const MOST_ENTRIES = 10_000;

const text = z.string().max(LONGEST_TEXT);

export const name = text.min(1);
export const guid = z.guid().toLowerCase();
export const domainName = name.trim().toLowerCase();

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true);

/** Text where nothing and '' are the same. */
export const words = text.nullish().transform((value) => (value ?? '').trim());

/** Text that is there or not. */
export const word = text.nullish().transform((value) => value?.trim() || null);
export const lowerWord = text.nullish().transform((value) => value?.trim().toLowerCase() || null);

/** A name in a certificate, or `<I>issuer<S>subject`, which is written back as it is: its case may matter. */
export const certificateWord = text
  .nullish()
  .transform((value) => (value?.includes('<') ? value.trim() : value?.trim().toLowerCase() || null));

/** A number that may come as text, given as text. */
export const numberWord = z
  .union([z.number(), text])
  .nullish()
  .transform((value) => String(value ?? '').trim() || null);

export const count = z.coerce.number().int().nonnegative();
export const optionalCount = count.nullish().transform((value) => value ?? null);

/** A moment as ISO time, also from the older `/Date(…)/`; Exchange's year 1 is none. */
export const moment = text.nullish().transform((value, context) => {
  if (!value?.trim() || value.startsWith('0001-')) return null;
  const [, ticks] = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/u.exec(value) ?? [];
  const milliseconds = ticks === undefined ? Date.parse(withMilliseconds(value)) : Number(ticks);
  if (Number.isFinite(milliseconds)) return new Date(milliseconds).toISOString();
  context.addIssue(`is no moment: ${plainText(value).slice(0, 40)}`);
  return z.NEVER;
});

/** A size as bytes: `35 MB (36,700,160 bytes)`, `35MB` and `36700160` are one. */
export const byteSize = z
  .union([z.number(), text])
  .nullish()
  .transform((value, context) => {
    const written = String(value ?? '').trim();
    if (written === '') return null;
    const [, exact] = /\(([\d,.\s]+) bytes\)/iu.exec(written) ?? [];
    if (exact !== undefined) return exact.replace(/\D/gu, '');
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/iu.exec(written) ?? [];
    if (amount !== undefined)
      return String(Math.round(Number(amount) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ')));
    context.addIssue(`is no size: ${plainText(written).slice(0, 40)}`);
    return z.NEVER;
  });

/** A list of texts, each brought to one form, sorted, without repetition. A single text is a list of one. */
export function listOf(form: (value: string) => string) {
  return z
    .union([z.array(text).max(MOST_ENTRIES), text])
    .nullish()
    .transform((value) => {
      const given = typeof value === 'string' ? [value] : (value ?? []);
      return [...new Set(given.map((entry) => form(entry.trim())).filter((entry) => entry !== ''))].toSorted();
    });
}

export const list = listOf((value) => value);
export const lowerList = listOf((value) => value.toLowerCase());

/** `smtp:*.Contoso.com;1` is `*.contoso.com`. */
export const domainPatterns = listOf((value) =>
  value
    .toLowerCase()
    .replace(/^smtp:/u, '')
    .replace(/;\d+$/u, '')
    .trim(),
);

/** `192.0.2.7/32` is `192.0.2.7`. */
export const addresses = listOf((value) => value.toLowerCase().replace(/\/32$/u, ''));

/** `AdminUI` is what Exchange calls the default when the admin centre was used. */
export const connectorSource = words.transform((value) => (value === 'AdminUI' ? 'Default' : value));

/** Seven decimals are more than a date can hold, and a time without a zone would be taken for one of this machine. */
function withMilliseconds(value: string): string {
  const short = value.trim().replace(/(\.\d{3})\d+/u, '$1');
  return /T[\d:.]+$/u.test(short) ? `${short}Z` : short;
}
