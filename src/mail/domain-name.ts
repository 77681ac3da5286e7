import { isIP } from 'node:net';
import { distance } from 'fastest-levenshtein';
import { toASCII, toUnicode } from 'tr46';
import { quoted } from './quoted.ts';
import { skeleton } from './skeleton.ts';

/** A domain name that can be used, or why not as a sentence that repeats what was typed. */
export type ParsedDomainName =
  | {
      readonly ok: true;
      /** The one form to store and compare: A-labels, lower case, no trailing dot. */
      readonly name: string;
      /** The form to show beside it: U-labels. Equal to `name` for plain names. */
      readonly unicode: string;
      /** One label mixes scripts that do not belong together, as in `cоntoso.com` with a Cyrillic о. Ask back. */
      readonly mixedScript: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/** Longer than any name of 253 octets (RFC 1035 §2.3.4) can be, in whatever form it is typed. */
const longestInput = 512;

/** UTS #46 §4, strict: STD3 letters only, bidi rule of RFC 5893, joiner rule of RFC 5892, DNS lengths. */
const strict = { checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true, verifyDNSLength: true } as const;

/** What a label may consist of once decoded: letters, marks, digits, hyphens (RFC 5892), and the two middle dots. */
const labelLetters = /^[\p{L}\p{M}\p{N}\-·・]+$/u;

const scripts: readonly (readonly [string, RegExp])[] = [
  ['latin', /\p{Script=Latin}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['armenian', /\p{Script=Armenian}/u],
  ['hebrew', /\p{Script=Hebrew}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['east-asian', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u],
];

/**
 * Reads a domain name as somebody typed it. Case, width and Unicode form do not matter and one trailing dot is
 * allowed; everything else must be right, because a name that was "repaired" could be somebody else's.
 *
 * Refused: more than 253 octets or 63 per label (RFC 1035 §2.3.4), a single label, underscores and other characters
 * outside letters, digits and hyphens (RFC 1123 §2.1), hyphens at the edges, IP addresses, invisible and
 * bidirectional control characters (UTS #46 would silently drop some of them), and whatever UTS #46 refuses.
 */
export function parseDomainName(text: string): ParsedDomainName {
  if (text.length > longestInput)
    return refuse(text, 'is far too long for a domain name, which has at most 253 characters');
  const typed = text.trim();
  const problem = obviousProblem(typed);
  if (problem !== null) return refuse(typed, problem);
  const name = toASCII(typed.replace(/[.。．｡]$/u, ''), strict);
  if (name === null) return refuse(typed, refusedByStandard(typed));
  const unicode = toUnicode(name, strict).domain;
  const labels = unicode.split('.');
  const unusable = labelProblem(name, labels);
  if (unusable !== null) return refuse(typed, unusable);
  return { ok: true, name, unicode, mixedScript: labels.some(mixesScripts) };
}

function refuse(text: string, problem: string): ParsedDomainName {
  return { ok: false, reason: `${quoted(text)} ${problem}.` };
}

function obviousProblem(typed: string): string | null {
  if (typed === '') return 'is empty, so there is no domain name in it';
  if (/\p{C}|\p{Default_Ignorable_Code_Point}/u.test(typed)) {
    return 'contains characters that cannot be seen; type the name by hand instead of pasting it';
  }
  if (/\p{Z}/u.test(typed)) return 'contains a space; a domain name has none';
  if (typed.includes('@')) return 'is an e-mail address; give only the part after the @';
  if (typed.includes('/')) return 'is a web address; give only the domain name, such as contoso.com';
  if (isIP(typed.replace(/^\[|\]$/gu, '')) !== 0) return 'is an IP address, not a domain name';
  if (typed.includes('*')) return 'contains a wildcard; name one domain';
  if (typed.includes('_')) return 'contains an underscore; domains that receive mail have none';
  return null;
}

/** The likeliest cause behind a refusal by UTS #46, which itself gives none. */
function refusedByStandard(typed: string): string {
  const labels = typed.replace(/\.$/u, '').split('.');
  if (labels.includes('')) return 'has two dots in a row or a dot at the beginning';
  if (labels.some((label) => label.length > 63)) return 'has a part of more than 63 characters between two dots';
  if (typed.length > 253) return 'is longer than 253 characters';
  if (labels.some((label) => /^xn--/iu.test(label))) return 'contains an xn-- part that is not valid punycode';
  return 'contains characters that a domain name cannot have';
}

function labelProblem(name: string, labels: readonly string[]): string | null {
  if (labels.length < 2) return 'is a single word; a domain name has at least two parts, such as contoso.com';
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-'))) {
    return 'has a part that begins or ends with a hyphen';
  }
  if (!labels.every((label) => labelLetters.test(label))) return 'contains symbols that a domain name cannot have';
  if (/(?:^|\.)(?:\d+|0x[\da-f]*)$/u.test(name))
    return 'ends in a number, as IP addresses do, and is not a domain name';
  return null;
}

function mixesScripts(label: string): boolean {
  const letters = Array.from(label).filter((character) => /\p{L}/u.test(character));
  const found = new Set(letters.map((letter) => scripts.find(([, test]) => test.test(letter))?.[0] ?? 'another'));
  // Latin beside East Asian writing is ordinary (UTS #39 §5.2, highly restrictive).
  if (found.has('east-asian')) found.delete('latin');
  return found.size > 1;
}

/**
 * Which known names somebody may have meant: at most two keystrokes away (Levenshtein), or of the same appearance
 * ({@link skeleton}). Best first. `wanted` may be anything, also a text that is no domain name. The exact name is
 * never in the answer. Only for asking "did you mean": nothing may act on it.
 */
export function lookAlikes(wanted: string, known: readonly string[]): readonly string[] {
  const exact = comparable(wanted);
  const appearance = skeleton(exact);
  return [...new Set(known)]
    .map((name) => ({ name, form: comparable(name) }))
    .filter(({ form }) => form !== exact)
    .map(({ name, form }) => ({
      name,
      keystrokes: keystrokesBetween(exact, form),
      same: skeleton(form) === appearance,
    }))
    .filter(({ keystrokes, same }) => same || keystrokes <= 2)
    .toSorted((a, b) => Number(b.same) - Number(a.same) || a.keystrokes - b.keystrokes || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

function keystrokesBetween(left: string, right: string): number {
  return Math.abs(left.length - right.length) > 2 ? Number.POSITIVE_INFINITY : distance(left, right);
}

function comparable(text: string): string {
  // Most names are plain, and parsing hundreds of them would make the answer slow.
  if (/^[a-z\d.-]{1,253}[a-z]$/u.test(text) && !text.includes('xn--')) return text;
  const parsed = parseDomainName(text);
  return parsed.ok ? parsed.unicode : text.trim().toLowerCase().slice(0, longestInput);
}
