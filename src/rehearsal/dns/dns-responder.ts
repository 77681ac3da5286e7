import { setTimeout as wait } from 'node:timers/promises';
import type { World } from '../world.ts';
import type { NameBehaviour } from './dns-behaviour.ts';
import { type DnsQuery, isKnownType, type Rcode, readQuery, writeAnswer, writeTruncated } from './dns-message.ts';
import type { DnsRecord } from './dns-record.ts';

export type DnsTransport = 'udp' | 'tcp';

const slowMs = 1500;

interface Outcome {
  readonly rcode: Rcode;
  readonly records: readonly DnsRecord[];
}

/** The octets to send back, or null where this resolver stays silent. */
export async function respond(
  world: World,
  resolver: string,
  message: Buffer,
  transport: DnsTransport,
): Promise<Buffer | null> {
  const query = readQuery(message);
  if (!query) return null;
  const { name, type } = query.question;
  const behaviour = behaviourFor(world, resolver, query);
  if (behaviour.kind === 'slow') await wait(behaviour.delayMs);
  const outcome = behaviour.kind === 'silent' ? null : outcomeOf(world, resolver, query, behaviour.kind);
  world.journal.add({ where: 'dns', outcome: outcome?.rcode ?? 'silent', resolver, transport, name, type });
  if (!outcome) return null;
  const soa = outcome.records.length === 0 && !refused(outcome.rcode) ? zoneOf(world, name) : [];
  const answer = writeAnswer(query, outcome.rcode, outcome.records, soa);
  return transport === 'udp' && answer.length > query.udpSize ? writeTruncated(query) : answer;
}

function behaviourFor(world: World, resolver: string, query: DnsQuery): { kind: NameBehaviour; delayMs: number } {
  const { name, type } = query.question;
  const fault = world.faults.take('dns', { resolver, name, domain: name, type });
  if (fault?.kind === 'slow') return { kind: 'slow', delayMs: fault.delayMs };
  if (fault?.kind.startsWith('server-error')) return { kind: 'servfail', delayMs: 0 };
  if (fault?.kind === 'hang-after') return { kind: 'silent', delayMs: 0 };
  const ofName = world.dns.nameBehaviour(name);
  return { kind: ofName === 'normal' ? world.dns.resolverBehaviour(resolver) : ofName, delayMs: slowMs };
}

function outcomeOf(world: World, resolver: string, query: DnsQuery, behaviour: NameBehaviour): Outcome {
  const { name, type } = query.question;
  if (behaviour === 'servfail') return { rcode: 'servfail', records: [] };
  if (behaviour === 'refuse') return { rcode: 'refused', records: [] };
  if (behaviour === 'nxdomain') return { rcode: 'nxdomain', records: [] };
  if (!isKnownType(type)) return { rcode: 'noerror', records: [] };
  const { status, records } = world.dns.resolve(resolver, name, type);
  const rcode = status === 'nxdomain' || status === 'servfail' ? status : 'noerror';
  return { rcode, records };
}

function refused(rcode: Rcode): boolean {
  return rcode === 'servfail' || rcode === 'refused';
}

/** The start of authority of the nearest zone above the name, which a denial carries. */
function zoneOf(world: World, name: string): readonly DnsRecord[] {
  const labels = name.split('.');
  for (const index of labels.keys()) {
    const soa = world.dns.authority(labels.slice(index).join('.'), 'SOA');
    if (soa.length > 0) return soa.map((record) => ({ ...record, ttl: 300 }));
  }
  return [];
}
