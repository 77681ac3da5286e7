import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { AddressSpan } from './address-span.ts';
import { quoted } from './quoted.ts';
import { isMicrosofts, whyUnreachable } from './unusable-addresses.ts';

/** Address ranges that can be used, or why not: one sentence for each value that cannot. */
export type ParsedRanges =
  | { readonly ok: true; readonly ranges: readonly string[] }
  | { readonly ok: false; readonly reasons: readonly string[] };

interface Range {
  /** The network address as an unsigned 32-bit number. */
  readonly start: number;
  readonly prefix: number;
}

type ParsedRange = { readonly ok: true; readonly range: Range } | { readonly ok: false; readonly reason: string };

/** Widest block anybody delivers from; a wider one is a slip of the finger. */
const widestPrefix = 16;

/** Exchange Online takes single addresses and blocks of /24 to /32 (New-InboundConnector, SenderIPAddresses). */
const exchangePrefix = 24;

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
  const blocks = canonical(parsed.ranges.map(rangeOf).flatMap(inBlocks));
  if (blocks.length <= mostBlocks) return { ok: true, ranges: blocks };
  const reason =
    `These addresses make ${blocks.length} blocks of the size Exchange Online takes (/24); at most ${mostBlocks} ` +
    'are allowed. Ask the gateway for the addresses it delivers from, not for all it owns.';
  return { ok: false, reasons: [reason] };
}

/** Whether an IPv4 address lies in one of the ranges. False for anything that is not an IPv4 address. */
export function contains(ranges: readonly string[], address: string): boolean {
  if (!isIPv4(address)) return false;
  const list = new BlockList();
  for (const text of ranges) {
    const [network = '', prefix = '32'] = text.split('/');
    list.addSubnet(network, Number(prefix), 'ipv4');
  }
  return list.check(address, 'ipv4');
}

function parseRange(value: string): ParsedRange {
  const mistake = likelyMistake(value);
  if (mistake !== null) return { ok: false, reason: `${quoted(value)} ${mistake}.` };
  const range = rangeOf(value);
  if (range.prefix < widestPrefix) {
    return {
      ok: false,
      reason: `${quoted(value)} is wider than /${widestPrefix}; no gateway delivers from so many addresses.`,
    };
  }
  const network = { ...range, start: networkOf(range) };
  if (network.start !== range.start) {
    const reason =
      `${quoted(value)} names an address inside a block: write ${textOf(network)} for the whole block ` +
      `or ${textOf({ ...range, prefix: 32 })} for the one address.`;
    return { ok: false, reason };
  }
  const why = whyForbidden({ first: range.start, last: range.start + sizeOf(range) - 1 });
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
  if (!isIPv4(address)) return 'is not an IPv4 address; one has four numbers from 0 to 255, without leading zeros';
  if (rest.length > 0 || (prefix !== undefined && !/^(?:\d|[12]\d|3[0-2])$/u.test(prefix))) {
    return 'has no usable prefix; after the slash comes one number from 16 to 32';
  }
  return null;
}

function rangeOf(text: string): Range {
  const [address = '', prefix = '32'] = text.split('/');
  const start = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { start, prefix: Number(prefix) };
}

function sizeOf({ prefix }: Range): number {
  return 2 ** (32 - prefix);
}

function networkOf(range: Range): number {
  return range.start - (range.start % sizeOf(range));
}

function whyForbidden(span: AddressSpan): string | null {
  const isOfMicrosoft = 'belongs to Exchange Online itself, from where every Office 365 customer sends';
  return whyUnreachable(span) ?? (isMicrosofts(span) ? isOfMicrosoft : null);
}

function inBlocks(range: Range): readonly Range[] {
  if (range.prefix >= exchangePrefix) return [range];
  const count = 2 ** (exchangePrefix - range.prefix);
  return Array.from({ length: count }, (_, index) => ({ start: range.start + index * 256, prefix: exchangePrefix }));
}

function canonical(ranges: readonly Range[]): readonly string[] {
  return [...new Set(ranges.map(textOf))].toSorted();
}

function textOf({ start, prefix }: Range): string {
  const address = [24, 16, 8, 0].map((shift) => (start >>> shift) & 255).join('.');
  return prefix === 32 ? address : `${address}/${prefix}`;
}
