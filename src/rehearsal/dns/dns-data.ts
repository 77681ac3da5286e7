import { ChangeSignal } from '../change-signal.ts';
import type { VirtualClock } from '../clock.ts';
import { refill } from '../refill.ts';
import type { NameBehaviour, ResolverBehaviour } from './dns-behaviour.ts';
import { type DnsMemory, dnsMemory } from './dns-memory.ts';
import { type DnsAnswer, type DnsRecord, type DnsRecordType, dnsName } from './dns-record.ts';
import { seedRecords } from './dns-seed.ts';

export const resolverNames = ['resolver-1', 'resolver-2'] as const;

interface Held {
  readonly answer: DnsAnswer;
  /** Virtual milliseconds. */
  readonly until: number;
}

const maxAliases = 8;
const negativeTtl = 300;

/**
 * What the zones say and what each resolver still believes. A resolver keeps an answer until its TTL has run out
 * in virtual time. After a change the first resolver forgets the old answer at once, the others keep it: so a
 * moved MX is seen unevenly, as in real life, and the last moment of that is known.
 */
export class DnsData {
  readonly changes = new ChangeSignal();
  readonly #clock: VirtualClock;
  readonly #zones = new Map<string, DnsRecord[]>();
  readonly #held = new Map<string, Map<string, Held>>();
  readonly #resolverBehaviours = new Map<string, ResolverBehaviour>();
  readonly #nameBehaviours = new Map<string, NameBehaviour>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.reset();
  }

  /** Back to the seeded world, with empty caches. */
  reset(): void {
    this.#zones.clear();
    this.#held.clear();
    this.#resolverBehaviours.clear();
    this.#nameBehaviours.clear();
    for (const record of seedRecords) this.#recordsAt(record.name).push(record);
    this.changes.changed();
  }

  export(): string {
    const now = this.#clock.now();
    const caches = [...this.#held].map(([resolver, cache]) => {
      const valid = [...cache].filter(([, { until }]) => until > now);
      return [resolver, Object.fromEntries(valid)];
    });
    return JSON.stringify({
      zones: Object.fromEntries(this.#zones),
      held: Object.fromEntries(caches),
      resolverBehaviours: Object.fromEntries(this.#resolverBehaviours),
      nameBehaviours: Object.fromEntries(this.#nameBehaviours),
    } satisfies DnsMemory);
  }

  restore(memory: unknown): void {
    const { zones, held, resolverBehaviours, nameBehaviours } = dnsMemory.parse(memory);
    refill(this.#zones, zones);
    this.#held.clear();
    for (const [resolver, cache] of Object.entries(held)) this.#held.set(resolver, new Map(Object.entries(cache)));
    refill(this.#resolverBehaviours, resolverBehaviours);
    refill(this.#nameBehaviours, nameBehaviours);
  }

  /** What the zone itself says now; a wildcard record is returned under the name that was asked. */
  authority(name: string, type?: DnsRecordType): readonly DnsRecord[] {
    const asked = dnsName(name);
    const records = (this.#find(asked) ?? []).map((record) => ({ ...record, name: asked }));
    return type ? records.filter((record) => record.type === type) : records;
  }

  /** Replaces all records of one type at a name; `fresh` lets every resolver see it at once. */
  set(name: string, type: DnsRecordType, records: readonly { data: string; ttl?: number }[], fresh = false): void {
    const owner = dnsName(name);
    for (const resolver of resolverNames) {
      if (fresh || resolver === resolverNames[0]) this.#forget(resolver, owner, type);
      else if (this.authority(owner, type).length > 0) this.resolve(resolver, owner, type);
    }
    const others = this.#recordsAt(owner).filter((record) => record.type !== type);
    const added = records.map(({ data, ttl = 3600 }) => ({ name: owner, type, ttl, data }));
    if (others.length + added.length === 0) this.#zones.delete(owner);
    else this.#zones.set(owner, [...others, ...added]);
    this.changes.changed();
  }

  /** The answer of one resolver, aliases followed, taken from its cache while that is still valid. */
  resolve(resolver: string, name: string, type: DnsRecordType): DnsAnswer {
    const answers: DnsRecord[] = [];
    let owner = dnsName(name);
    for (let depth = 0; depth <= maxAliases; depth += 1) {
      const answer = this.#resolveOne(resolver, owner, type);
      answers.push(...answer.records);
      const alias = answer.records.find((record) => record.type === 'CNAME');
      if (!alias || type === 'CNAME') return { status: answer.status, records: answers };
      owner = dnsName(alias.data);
    }
    return { status: 'servfail', records: [] };
  }

  resolverBehaviour(resolver: string): ResolverBehaviour {
    return this.#resolverBehaviours.get(resolver) ?? 'normal';
  }

  setResolverBehaviour(resolver: string, behaviour: ResolverBehaviour): void {
    this.#resolverBehaviours.set(resolver, behaviour);
    this.changes.changed();
  }

  nameBehaviour(name: string): NameBehaviour {
    return this.#nameBehaviours.get(dnsName(name)) ?? 'normal';
  }

  setNameBehaviour(name: string, behaviour: NameBehaviour): void {
    this.#nameBehaviours.set(dnsName(name), behaviour);
    this.changes.changed();
  }

  names(): readonly string[] {
    return [...this.#zones.keys()].sort();
  }

  /** What a resolver would answer from this name itself, without making it remember anything. */
  peek(resolver: string, name: string, type: DnsRecordType): readonly DnsRecord[] {
    return (this.#stillHeld(resolver, dnsName(name), type) ?? this.#ask(dnsName(name), type)).records;
  }

  #resolveOne(resolver: string, name: string, type: DnsRecordType): DnsAnswer {
    const held = this.#stillHeld(resolver, name, type);
    if (held) return held;
    const answer = this.#ask(name, type);
    const ttl = answer.records.length > 0 ? Math.min(...answer.records.map((record) => record.ttl)) : negativeTtl;
    this.#cacheOf(resolver).set(`${name} ${type}`, { answer, until: this.#clock.now() + ttl * 1000 });
    this.changes.changed();
    return answer;
  }

  #stillHeld(resolver: string, name: string, type: DnsRecordType): DnsAnswer | null {
    const held = this.#cacheOf(resolver).get(`${name} ${type}`);
    const left = held ? Math.ceil((held.until - this.#clock.now()) / 1000) : 0;
    if (!held || left <= 0) return null;
    return { ...held.answer, records: held.answer.records.map((record) => ({ ...record, ttl: left })) };
  }

  #ask(name: string, type: DnsRecordType): DnsAnswer {
    const all = this.authority(name);
    const alias = all.filter((record) => record.type === 'CNAME');
    const matching = all.filter((record) => record.type === type);
    const records = matching.length > 0 ? matching : alias;
    if (records.length > 0) return { status: 'answer', records };
    return { status: all.length > 0 || this.#hasBelow(name) ? 'nodata' : 'nxdomain', records: [] };
  }

  #find(name: string): readonly DnsRecord[] | undefined {
    const exact = this.#zones.get(name);
    if (exact) return exact;
    const labels = name.split('.');
    const wildcard = labels.map((_, index) => `*.${labels.slice(index + 1).join('.')}`);
    return wildcard.map((owner) => this.#zones.get(owner)).find((records) => records !== undefined);
  }

  #hasBelow(name: string): boolean {
    return [...this.#zones.keys()].some((owner) => owner.endsWith(`.${name}`));
  }

  #recordsAt(name: string): DnsRecord[] {
    const records = this.#zones.get(name) ?? [];
    this.#zones.set(name, records);
    return records;
  }

  #cacheOf(resolver: string): Map<string, Held> {
    const cache = this.#held.get(resolver) ?? new Map<string, Held>();
    this.#held.set(resolver, cache);
    return cache;
  }

  /** Also forgets the denials below a wildcard owner, whose names are not known one by one. */
  #forget(resolver: string, owner: string, type: DnsRecordType): void {
    const cache = this.#cacheOf(resolver);
    const suffix = owner.startsWith('*.') ? owner.slice(1) : undefined;
    for (const key of cache.keys()) {
      const [name = '', keyType] = key.split(' ');
      const concerned = name === owner || (suffix !== undefined && name.endsWith(suffix));
      if (concerned && (keyType === type || type === 'CNAME')) cache.delete(key);
    }
  }
}
