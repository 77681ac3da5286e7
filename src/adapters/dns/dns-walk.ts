import type { Answer } from 'dns-packet';
import type { MxView } from '../../ports/dns-resolver.ts';
import { askServer } from './dns-exchange.ts';
import type { DnsReply, QuestionType } from './dns-packets.ts';
import type { DnsServerAddress } from './dns-server-address.ts';

type DnsStatus = MxView['status'];

/** What a resolver holds at the end of the aliases. `ttl` is the shortest on the way, in seconds. */
export interface Walked {
  readonly status: DnsStatus;
  readonly records: readonly Answer[];
  readonly ttl: number;
}

const maxAliases = 8;
const maxRecords = 64;
const maxTtl = 604_800;

/** Asks for records of a name and follows aliases, inside one answer or by asking again. */
export async function walk(
  server: DnsServerAddress,
  name: string,
  type: QuestionType,
  signal: AbortSignal,
): Promise<Walked> {
  let owner = name;
  let ttl = maxTtl;
  for (let aliases = 0; aliases <= maxAliases; aliases += 1) {
    const reply = await askServer(server, owner, type, signal);
    if (!reply) return empty('timeout');
    const end = follow(reply, owner);
    ttl = Math.min(ttl, end.ttl);
    const records = recordsAt(reply, end.owner, type);
    // A list this long is an attack or a mistake; to cut it could hide the one host that matters.
    if (end.looping || records.length > maxRecords) return empty('servfail');
    if (records.length > 0) return { status: 'answer', records, ttl: Math.min(ttl, ...records.map(timeToLive)) };
    const status = statusOf(reply);
    if (status !== 'nodata' || end.owner === owner) return empty(status);
    owner = end.owner;
  }
  return empty('servfail');
}

function empty(status: DnsStatus): Walked {
  return { status, records: [], ttl: 0 };
}

function statusOf({ rcode, truncated }: DnsReply): DnsStatus {
  if (truncated) return 'servfail';
  if (rcode === 0) return 'nodata';
  if (rcode === 3) return 'nxdomain';
  return rcode === 5 ? 'refused' : 'servfail';
}

function follow({ answers }: DnsReply, name: string): { owner: string; ttl: number; looping: boolean } {
  let owner = name;
  let ttl = maxTtl;
  for (let aliases = 0; aliases <= maxAliases; aliases += 1) {
    const alias = answers.find((record) => record.type === 'CNAME' && sameName(record.name, owner));
    if (alias?.type !== 'CNAME') return { owner, ttl, looping: false };
    owner = alias.data.toLowerCase();
    ttl = Math.min(ttl, timeToLive(alias));
  }
  return { owner, ttl, looping: true };
}

function recordsAt({ rcode, answers }: DnsReply, owner: string, type: QuestionType): Answer[] {
  if (rcode !== 0) return [];
  return answers.filter((record) => record.type === type && sameName(record.name, owner));
}

function timeToLive(record: Answer): number {
  const ttl = 'ttl' in record ? (record.ttl ?? 0) : 0;
  // RFC 2181 §8: a value with the top bit set counts as zero.
  return ttl > 0x7f_ff_ff_ff ? 0 : Math.min(ttl, maxTtl);
}

function sameName(first: string, second: string): boolean {
  return first.toLowerCase() === second.toLowerCase();
}
