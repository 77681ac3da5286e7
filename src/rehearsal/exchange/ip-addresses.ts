import { isIPv4 } from 'node:net';
import { invalid } from './exchange-error.ts';

/** First and last address as numbers. */
export type Span = readonly [number, number];

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
/** What no mail host on the internet has; everything from 224.0.0.0 on is for groups, or for nobody. */
const RESERVED = [
  ...PRIVATE,
  '0.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '224.0.0.0/3',
];
const MICROSOFT = ['40.92.0.0/15', '40.107.0.0/16', '52.100.0.0/14', '104.47.0.0/17'];

/** An entry of SenderIPAddresses: one IPv4 address, or a block from /24 to /32. */
export function connectorSpan(entry: string): Span {
  const bits = /\/(\d+)$/u.exec(entry)?.[1];
  const span = isIPv4(entry) ? single(entry) : bits === undefined ? null : cidrSpan(entry);
  if (!span || (bits !== undefined && (Number(bits) < 24 || Number(bits) > 32))) {
    throw invalid(
      `The IP address or range "${entry}" is not valid. Use a single IPv4 address or a CIDR range from /24 to /32.`,
    );
  }
  refuseReserved(entry, span);
  return span;
}

/** An entry of EFSkipIPs: address, dash range or any block, but neither private nor Microsoft's. */
export function skipSpan(entry: string): Span {
  const span = anySpan(entry);
  refuseReserved(entry, span);
  if (touches(span, MICROSOFT)) {
    throw invalid(`The address or range "${entry}" holds addresses of Microsoft, which cannot be skipped.`);
  }
  return span;
}

/** An entry of the connection filter: address, range of at most 256 addresses, or a block from /24 to /32. */
export function filterSpan(entry: string): Span {
  const span = anySpan(entry);
  if (span[1] - span[0] < 256) return span;
  throw invalid(`The range "${entry}" holds more than 256 addresses: use ranges of /24 to /32.`);
}

/** An entry of a rule's SenderIpRanges: address, dash range or a block of any width. */
export function anySpan(entry: string): Span {
  const [from = '', to] = entry.split('-').map((part) => part.trim());
  const span = entry.includes('/')
    ? cidrSpan(entry)
    : isIPv4(from) && (to === undefined || isIPv4(to))
      ? [from, to ?? from]
      : null;
  if (!span) throw invalid(`"${entry}" is not a valid IPv4 address, range or CIDR block.`);
  const [first, last] = span.map((end) => (typeof end === 'number' ? end : toNumber(end)));
  if (first === undefined || last === undefined || first > last) throw invalid(`The range "${entry}" runs backwards.`);
  return [first, last];
}

export function overlaps(one: Span, other: Span): boolean {
  return one[0] <= other[1] && other[0] <= one[1];
}

function single(address: string): Span {
  const value = toNumber(address);
  return [value, value];
}

function cidrSpan(entry: string): Span | null {
  const [address = '', bits = ''] = entry.split('/');
  if (!isIPv4(address) || !/^\d{1,2}$/u.test(bits) || Number(bits) > 32) return null;
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(address) / size) * size;
  return [first, first + size - 1];
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** An address of RFC 1918. */
export function isPrivate(address: string): boolean {
  return touches(anySpan(address), PRIVATE);
}

export function isMicrosoft(address: string): boolean {
  return touches(anySpan(address), MICROSOFT);
}

/** Documentation ranges pass: they are the public addresses of the rehearsal's world. */
function refuseReserved(entry: string, span: Span): void {
  if (touches(span, RESERVED)) {
    throw invalid(`The IP address or range "${entry}" is reserved, or holds reserved addresses, and cannot be used.`);
  }
}

function touches(span: Span, blocks: readonly string[]): boolean {
  return blocks.some((block) => overlaps(anySpan(block), span));
}
