import { isIPv4 } from 'node:net';

/** First and last of adjoining IPv4 addresses, as unsigned 32-bit numbers. */
export interface AddressSpan {
  readonly first: number;
  readonly last: number;
}

/**
 * The addresses an entry stands for: a single one, a CIDR block (also one written with bits beside its prefix), or a
 * range with a dash, as rules and connection filters take them. Null for anything else, and for a range that runs
 * backwards.
 */
export function spanOf(entry: string): AddressSpan | null {
  const [from = '', to, ...more] = entry.split('-').map((end) => end.trim());
  if (more.length > 0) return null;
  if (to !== undefined) return isIPv4(from) && isIPv4(to) ? forwards(numberOf(from), numberOf(to)) : null;
  const [address = '', prefix = '32', ...rest] = from.split('/');
  if (rest.length > 0 || !isIPv4(address) || !/^(?:\d|[12]\d|3[0-2])$/u.test(prefix)) return null;
  const size = 2 ** (32 - Number(prefix));
  const number = numberOf(address);
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}

/** Whether an IPv4 address is one of a list's. Entries that {@link spanOf} cannot read stand for none. */
export function addressIsIn(address: string, entries: readonly string[]): boolean {
  const one = isIPv4(address) ? spanOf(address) : null;
  return one !== null && spansOf(entries).some((span) => isInside(one, span));
}

/** Lists never change, and one of them is asked about thousands of messages. */
const known = new WeakMap<readonly string[], readonly AddressSpan[]>();

function spansOf(entries: readonly string[]): readonly AddressSpan[] {
  const spans = known.get(entries) ?? entries.flatMap((entry) => spanOf(entry) ?? []);
  known.set(entries, spans);
  return spans;
}

/** Whether the two have an address in common. */
export function areOverlapping(one: AddressSpan, other: AddressSpan): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** Whether every address of `inner` is one of `outer`. */
export function isInside(inner: AddressSpan, outer: AddressSpan): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

function forwards(first: number, last: number): AddressSpan | null {
  return first <= last ? { first, last } : null;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
