import { isIPv4, isIPv6 } from 'node:net';
import { type AddressSpan, spanOf } from './address-span.ts';
import { quoted } from './quoted.ts';
import { isMicrosofts, whyUnreachable } from './unusable-addresses.ts';

/** Address ranges that can be used, or why not: one sentence for each value that cannot. */
export type ParsedRanges =
  | { readonly ok: true; readonly ranges: readonly string[] }
  | { readonly ok: false; readonly reasons: readonly string[] };

type ParsedRange = { readonly ok: true; readonly range: AddressSpan } | { readonly ok: false; readonly reason: string };

/** Widest block anybody delivers from; a wider one is a slip of the finger. */
const widestPrefix = 16;

/** Exchange Online takes single addresses and blocks of /24 to /32 (New-InboundConnector, SenderIPAddresses). */
const exchangePrefix = 24;
const exchangeSize = 2 ** (32 - exchangePrefix);

const notAnAddress = 'is not an IPv4 address; one has four numbers from 0 to 255, without leading zeros';

/** A connector with more blocks than this is not something a person can check on a card. */
const mostBlocks = 64;

/**
 * Reads a list of IPv4 addresses and CIDR blocks, either typed as one text (separated by commas, semicolons or line
 * breaks) or as separate values. Strict, because a range that was "repaired" lets other senders in: no IPv6, no dash
 * ranges, no leading zeros, no address with bits beside its prefix, nothing private, reserved or Microsoft's own,
 * nothing wider than /16. The result is canonical: `/32` is left out, no repetitions, sorted as texts.
 */
export function parseRanges(input: string | readonly string[]): ParsedRanges {
  const values = (typeof input === 'string' ? [input] : input)
    .flatMap((text) => text.split(/[,;\r\n]+/u))
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0)
    return { ok: false, reasons: ['There is no address in the list; without one nobody could deliver.'] };
  const parsed = values.map(parseRange);
  const reasons = parsed.flatMap((result) => (result.ok ? [] : [result.reason]));
  if (reasons.length > 0) return { ok: false, reasons };
  return { ok: true, ranges: canonical(parsed.flatMap((result) => (result.ok ? [result.range] : []))) };
}

/**
 * The same addresses in blocks that an Exchange Online connector takes: everything wider than /24 becomes its /24
 * blocks. Refused when that makes more than 64 blocks. Throws nothing; canonical like {@link parseRanges}.
 */
export function splitForExchange(ranges: readonly string[]): ParsedRanges {
  const parsed = parseRanges(ranges);
  if (!parsed.ok) return parsed;
  const blocks = canonical(parsed.ranges.flatMap((text) => spanOf(text) ?? []).flatMap(inBlocks));
  if (blocks.length <= mostBlocks) return { ok: true, ranges: blocks };
  const reason =
    `These addresses make ${blocks.length} blocks of the size Exchange Online takes (/24); at most ${mostBlocks} ` +
    'are allowed. Ask the gateway for the addresses it delivers from, not for all it owns.';
  return { ok: false, reasons: [reason] };
}

function parseRange(value: string): ParsedRange {
  const range = spanOf(value);
  const mistake = likelyMistake(value);
  if (mistake !== null || range === null) return { ok: false, reason: `${quoted(value)} ${mistake ?? notAnAddress}.` };
  if (prefixOf(range) < widestPrefix) {
    return {
      ok: false,
      reason: `${quoted(value)} is wider than /${widestPrefix}; no gateway delivers from so many addresses.`,
    };
  }
  const written = value.replace(/\/.*/u, '');
  if (spanOf(written)?.first !== range.first) {
    const reason =
      `${quoted(value)} names an address inside a block: write ${textOf(range)} for the whole block ` +
      `or ${written} for the one address.`;
    return { ok: false, reason };
  }
  const why = whyForbidden(range);
  return why === null ? { ok: true, range } : { ok: false, reason: `${quoted(value)} ${why}.` };
}

/** Why a text is neither an IPv4 address nor a CIDR block, or null when it is one. */
function likelyMistake(value: string): string | null {
  if (/\s/u.test(value)) return 'looks like several addresses without a comma between them';
  const [address = '', prefix, ...rest] = value.split('/');
  if (isIPv6(address)) return 'is IPv6, which Exchange Online connectors do not take; give the IPv4 addresses';
  if (value.includes('-'))
    return 'is a range with a dash; write it as an address with a prefix, such as 203.0.113.0/24';
  if (/[a-z]/iu.test(value)) return 'is a name; give the IPv4 addresses it delivers from';
  if (!isIPv4(address)) return notAnAddress;
  if (rest.length > 0 || (prefix !== undefined && !/^(?:\d|[12]\d|3[0-2])$/u.test(prefix))) {
    return 'has no usable prefix; after the slash comes one number from 16 to 32';
  }
  return null;
}

/** Of a block of the size of a power of two. */
function prefixOf({ first, last }: AddressSpan): number {
  return 32 - Math.log2(last - first + 1);
}

function whyForbidden(span: AddressSpan): string | null {
  const isOfMicrosoft = 'belongs to Exchange Online itself, from where every Office 365 customer sends';
  return whyUnreachable(span) ?? (isMicrosofts(span) ? isOfMicrosoft : null);
}

function inBlocks(range: AddressSpan): readonly AddressSpan[] {
  if (prefixOf(range) >= exchangePrefix) return [range];
  const count = (range.last - range.first + 1) / exchangeSize;
  return Array.from({ length: count }, (_, index) => {
    const first = range.first + index * exchangeSize;
    return { first, last: first + exchangeSize - 1 };
  });
}

function canonical(ranges: readonly AddressSpan[]): readonly string[] {
  return [...new Set(ranges.map(textOf))].toSorted();
}

function textOf(range: AddressSpan): string {
  const address = [24, 16, 8, 0].map((shift) => (range.first >>> shift) & 255).join('.');
  const prefix = prefixOf(range);
  return prefix === 32 ? address : `${address}/${prefix}`;
}
