import { anySpan } from '../exchange/ip-addresses.ts';

/**
 * How closely an address space (`x.y`, `*.x.y`, `*`) covers a domain; null when it does not. An exact name is closest,
 * a longer wildcard closer than a shorter one.
 */
export function closeness(space: string, domain: string): number | null {
  const wanted = space.toLowerCase();
  if (wanted === domain) return Number.POSITIVE_INFINITY;
  if (wanted === '*') return 0;
  return wanted.startsWith('*.') && domain.endsWith(wanted.slice(1)) ? wanted.length : null;
}

/** The closest of several address spaces, or null. */
export function closest(spaces: readonly string[], domain: string): number | null {
  const found = spaces.map((space) => closeness(space, domain)).filter((value) => value !== null);
  return found.length > 0 ? Math.max(...found) : null;
}

/** A single address, a dash range or a block. */
export function holdsAddress(entries: readonly string[], address: string): boolean {
  const [wanted] = anySpan(address);
  return entries.some((entry) => {
    const [first, last] = anySpan(entry);
    return first <= wanted && wanted <= last;
  });
}

/** Whether a certificate carries the name; one label of a wildcard on either side stands for any. */
export function certificateCarries(names: readonly string[], wanted: string): boolean {
  const name = wanted.toLowerCase().replace(/^.*<s>cn=/u, '');
  return names.some((held) => {
    const own = held.toLowerCase();
    return own === name || isUnder(own, name) || isUnder(name, own);
  });
}

function isUnder(name: string, wildcard: string): boolean {
  return wildcard.startsWith('*.') && name.slice(name.indexOf('.')) === wildcard.slice(1);
}

/** A whole word or phrase somewhere in a text, whatever its case. */
export function containsWord(text: string, word: string): boolean {
  const escaped = word.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
