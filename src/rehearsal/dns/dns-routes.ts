import { isIPv4, isIPv6 } from 'node:net';
import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import { prepareGateway } from '../smtp/prepare-gateway.ts';
import { tenantOfDomain, type World } from '../world.ts';
import { type NameBehaviour, nameBehaviours, type ResolverBehaviour, resolverBehaviours } from './dns-behaviour.ts';
import { resolverNames } from './dns-data.ts';
import { isKnownType } from './dns-message.ts';
import { type DnsRecord, type DnsRecordType, dnsName } from './dns-record.ts';

const usualTtl = 3600;

/** The control API's view of the name servers. */
export function dnsRoutes(world: World): Route[] {
  return [
    { method: 'GET', path: '/control/dns', handle: (request) => show(world, request.query.get('name')) },
    { method: 'PUT', path: '/control/dns', handle: (request) => change(world, request) },
  ];
}

export function resetDns(world: World): void {
  world.dns.reset();
}

function show(world: World, name: string | null): RehearsalResponse {
  const resolvers = Object.fromEntries(
    resolverNames.map((resolver) => [resolver, { behaviour: world.dns.resolverBehaviour(resolver) }]),
  );
  if (!name) return json(200, { names: world.dns.names(), resolvers });
  return json(200, describe(world, name));
}

function describe(world: World, name: string): Record<string, unknown> {
  const authority = world.dns.authority(name);
  const types = new Set<DnsRecordType>(['MX', 'A', ...authority.map((record) => record.type)]);
  const views = resolverNames.map((resolver) => {
    const records = [...types].flatMap((type) => world.dns.peek(resolver, name, type));
    return [resolver, { behaviour: world.dns.resolverBehaviour(resolver), records: shown(records) }];
  });
  return {
    name: dnsName(name),
    behaviour: world.dns.nameBehaviour(name),
    authority: shown(authority),
    resolvers: Object.fromEntries(views),
  };
}

function shown(records: readonly DnsRecord[]): unknown[] {
  return records.map(({ name, type, ttl, data }) => ({ name, type, ttl, data }));
}

function change(world: World, request: RehearsalRequest): RehearsalResponse {
  const body = jsonBody(request);
  const { domain, mx, ttl = usualTtl, records, fresh, behaviour, resolvers, serves } = body;
  if (typeof ttl !== 'number' || !Number.isInteger(ttl) || ttl < 0 || ttl > 604_800) {
    throw new BadRequest('ttl must be a whole number of seconds between 0 and 604800.');
  }
  const behaviours = resolverChanges(resolvers);
  const sets = [...(mx === undefined ? [] : [{ type: 'MX' as const, data: mxData(mx) }]), ...recordSets(records)];
  checkFlag('serves', serves);
  if (domain === undefined && (sets.length > 0 || behaviour !== undefined)) {
    throw new BadRequest('domain is missing: say whose records or behaviour to change.');
  }
  if (behaviour !== undefined && !isNameBehaviour(behaviour)) {
    throw new BadRequest(`behaviour must be one of ${nameBehaviours.join(', ')}.`);
  }
  for (const [resolver, wanted] of behaviours) world.dns.setResolverBehaviour(resolver, wanted);
  if (domain === undefined) return show(world, null);
  const name = domainOf(domain);
  for (const { type, data } of sets) {
    const entries = data.map((text) => ({ data: text, ttl }));
    world.dns.set(name, type, entries, fresh === true);
  }
  if (serves !== false && sets.some(({ type }) => type === 'MX')) tellGateway(world, dnsName(name));
  if (behaviour !== undefined) world.dns.setNameBehaviour(name, behaviour);
  return json(200, describe(world, name));
}

function checkFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw new BadRequest(`${name} must be true or false.`);
}

/** Only an organisation's own domain has somebody who prepares its gateway; `serves: false` plays one who forgot. */
function tellGateway(world: World, domain: string): void {
  if (tenantOfDomain(world, domain)) prepareGateway(world, domain);
}

function domainOf(value: unknown): string {
  if (typeof value === 'string' && /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/iu.test(value)) return value;
  throw new BadRequest('domain must be a host name.');
}

/** `mx` is one host name, or a list of `{exchange, priority}`; an empty list removes the MX. */
function mxData(mx: unknown): string[] {
  const list: unknown[] = Array.isArray(mx) ? mx : [mx];
  return list.map((entry) => {
    if (typeof entry === 'string') return `0 ${hostOf(entry)}`;
    const { exchange, priority = 0 } = asObject(entry, 'Every mx must be a host name or {exchange, priority}.');
    if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 0 || priority > 65_535) {
      throw new BadRequest('priority must be a whole number between 0 and 65535.');
    }
    return `${priority} ${hostOf(exchange)}`;
  });
}

function hostOf(value: unknown): string {
  if (value === '.' || value === '') return '.';
  return dnsName(domainOf(value));
}

/** `records` is `{TXT: ["…"], A: ["…"]}`: every type named is replaced whole. */
function recordSets(records: unknown): { type: DnsRecordType; data: string[] }[] {
  if (records === undefined) return [];
  const sets = asObject(records, 'records must be an object such as {"TXT": ["v=spf1 -all"]}.');
  return Object.entries(sets).map(([type, data]) => {
    if (!isKnownType(type)) throw new BadRequest(`Unknown record type ${type}.`);
    const list: unknown[] = Array.isArray(data) ? data : [data];
    const texts = list.filter((entry) => typeof entry === 'string');
    if (texts.length < list.length) throw new BadRequest(`${type} records must be texts.`);
    if (type === 'A' && !texts.every((text) => isIPv4(text))) throw new BadRequest('A records must be IPv4 addresses.');
    if (type === 'AAAA' && !texts.every((text) => isIPv6(text))) throw new BadRequest('AAAA records must be IPv6.');
    return { type, data: texts };
  });
}

function resolverChanges(value: unknown): [string, ResolverBehaviour][] {
  if (value === undefined) return [];
  const changes = asObject(value, 'resolvers must be an object such as {"resolver-2": "silent"}.');
  return Object.entries(changes).map(([resolver, wanted]) => {
    if (!resolverNames.some((name) => name === resolver)) {
      throw new BadRequest(`Unknown resolver ${resolver}: there are ${resolverNames.join(' and ')}.`);
    }
    const behaviour = resolverBehaviours.find((known) => known === wanted);
    if (!behaviour) throw new BadRequest(`A resolver is one of ${resolverBehaviours.join(', ')}.`);
    return [resolver, behaviour];
  });
}

function isNameBehaviour(value: unknown): value is NameBehaviour {
  return nameBehaviours.some((known) => known === value);
}

function asObject(value: unknown, message: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRequest(message);
  return { ...value };
}
