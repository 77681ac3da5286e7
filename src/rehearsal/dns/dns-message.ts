import {
  type Answer,
  type DecodedPacket,
  decode,
  encode,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import { type DnsRecord, type DnsRecordType, dnsName } from './dns-record.ts';

const rcodes = { noerror: 0, formerr: 1, servfail: 2, nxdomain: 3, notimp: 4, refused: 5 } as const;

export type Rcode = keyof typeof rcodes;

export interface DnsQuery {
  readonly packet: DecodedPacket;
  readonly question: Question;
  /** Octets the client takes over UDP. */
  readonly udpSize: number;
}

const knownTypes: readonly string[] = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'TXT'] satisfies DnsRecordType[];

export function isKnownType(type: string): type is DnsRecordType {
  return knownTypes.includes(type);
}

/** Null when the octets are no query that could be answered. */
export function readQuery(message: Buffer): DnsQuery | null {
  try {
    const packet = decode(message);
    const [question] = packet.questions ?? [];
    if (packet.flag_qr || !question) return null;
    const options = packet.additionals?.find((record) => record.type === 'OPT');
    const offered = options?.type === 'OPT' ? options.udpPayloadSize : 512;
    return { packet, question, udpSize: Math.max(512, Math.min(offered, 1232)) };
  } catch {
    return null;
  }
}

export function writeAnswer(
  query: DnsQuery,
  rcode: Rcode,
  records: readonly DnsRecord[],
  soa: readonly DnsRecord[],
): Buffer {
  return encode({
    id: query.packet.id ?? 0,
    type: 'response',
    flags: flagsOf(query) | rcodes[rcode],
    questions: [query.question],
    answers: records.map(toAnswer),
    authorities: soa.map(toAnswer),
  });
}

/** What a server sends over UDP when the answer does not fit: ask again over TCP. */
export function writeTruncated(query: DnsQuery): Buffer {
  const flags = flagsOf(query) | TRUNCATED_RESPONSE;
  return encode({ id: query.packet.id ?? 0, type: 'response', flags, questions: [query.question] });
}

function flagsOf(query: DnsQuery): number {
  return RECURSION_AVAILABLE | (query.packet.flag_rd ? RECURSION_DESIRED : 0);
}

function toAnswer({ name, type, ttl, data }: DnsRecord): Answer {
  const words = data.trim().split(/\s+/u);
  switch (type) {
    case 'MX':
      return { name, type, ttl, data: { preference: Number(words[0]), exchange: words[1] ?? '.' } };
    case 'TXT':
      return { name, type, ttl, data: inChunks(data) };
    case 'SOA':
      return { name, type, ttl, data: soaData(words) };
    case 'A':
    case 'AAAA':
      return { name, type, ttl, data };
    default:
      return { name, type, ttl, data: dnsName(data) };
  }
}

function soaData(words: readonly string[]): Extract<Answer, { type: 'SOA' }>['data'] {
  const [mname = '', rname = '', ...numbers] = words;
  const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
  return { mname, rname, serial, refresh, retry, expire, minimum };
}

/** A TXT record is a list of strings of at most 255 octets. */
function inChunks(text: string): Buffer[] {
  const octets = Buffer.from(text, 'utf8');
  const count = Math.max(1, Math.ceil(octets.length / 255));
  return Array.from({ length: count }, (_, index) => octets.subarray(index * 255, (index + 1) * 255));
}
