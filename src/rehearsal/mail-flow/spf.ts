import { isIPv4 } from 'node:net';
import { holdsAddress } from './match.ts';
import type { Network } from './network.ts';

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror';

/** One check of one address, and what it may still look up. */
interface Check {
  readonly network: Network;
  readonly address: string;
  readonly left: { lookups: number; voids: number };
}

interface Term {
  readonly sign: string;
  readonly name: string;
  readonly value: string;
  readonly isModifier: boolean;
}

/** A record that cannot be read, or that asks for too much. */
class BrokenRecord extends Error {
  override readonly name = 'BrokenRecord';
}

const MOST_LOOKUPS = 10;
const MOST_VOIDS = 2;
const MOST_MAIL_HOSTS = 10;
const MECHANISMS = new Set(['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists']);
const ONCE = new Set(['redirect', 'exp']);
const RESULTS: Readonly<Record<string, SpfResult>> = { '-': 'fail', '~': 'softfail', '?': 'neutral' };
const TERM = /^(?<sign>[+?~-]?)(?<name>[a-z][a-z0-9._-]*)(?:(?<by>[:=/])(?<rest>.*))?$/u;

/** The verdict of RFC 7208 on an IPv4 address, without macros. */
export function spfOf(network: Network, domain: string, address: string): SpfResult {
  try {
    return verdictOf({ network, address, left: { lookups: MOST_LOOKUPS, voids: MOST_VOIDS } }, domain);
  } catch (error) {
    if (error instanceof BrokenRecord) return 'permerror';
    throw error;
  }
}

function verdictOf(check: Check, domain: string): SpfResult {
  const records = check.network.text(domain).filter((text) => /^v=spf1(\s|$)/iu.test(text));
  const [record] = records;
  if (record === undefined) return 'none';
  if (records.length > 1) throw new BrokenRecord(`${domain} has ${records.length} records`);
  const terms = termsOf(record);
  const hit = terms.find((term) => !term.isModifier && holds(check, term, domain));
  if (hit) return RESULTS[hit.sign] ?? 'pass';
  const redirect = terms.find(({ name }) => name === 'redirect');
  return redirect ? vouched(check, redirect.value) : 'neutral';
}

/** A mistake anywhere spoils the whole record, also behind the term that would have decided. */
function termsOf(record: string): Term[] {
  const terms = record.trim().toLowerCase().split(/\s+/u).slice(1).map(termFrom);
  const names = terms.filter(({ name, isModifier }) => isModifier && ONCE.has(name)).map(({ name }) => name);
  if (new Set(names).size < names.length) throw new BrokenRecord('a modifier is there twice');
  return terms;
}

function termFrom(text: string): Term {
  const { sign = '', name = '', by, rest = '' } = TERM.exec(text)?.groups ?? {};
  const isModifier = by === '=' && sign === '';
  const value = by === '/' ? `/${rest}` : rest;
  const isWhole = isModifier ? !ONCE.has(name) || rest !== '' : by !== '=' && isMechanism(name, value);
  if (!isWhole) throw new BrokenRecord(`${text} cannot be read`);
  return { sign, name, value, isModifier };
}

function isMechanism(name: string, value: string): boolean {
  if (!MECHANISMS.has(name)) return false;
  if (name === 'all') return value === '';
  if (name === 'include' || name === 'exists') return value !== '';
  if (name === 'a' || name === 'mx') return /^[^/]*(?:\/(?:\d|[12]\d|3[0-2]))?(?:\/\/\d{1,3})?$/u.test(value);
  const [address = '', bits = '32'] = value.split('/');
  return name !== 'ip4' || (isIPv4(address) && /^\d{1,2}$/u.test(bits) && Number(bits) <= 32);
}

function holds(check: Check, { name, value }: Term, domain: string): boolean {
  if (name === 'all') return true;
  if (name === 'ip4') return holdsAddress([value], check.address);
  if (name === 'include') return vouched(check, value) === 'pass';
  if (name === 'ip6') return false;
  lookUp(check);
  const [target = '', bits = '32'] = value.split('/');
  const host = target || domain;
  if (name === 'ptr') return isNamedWithin(check, host);
  if (name === 'exists') return found(check, check.network.addresses(host)).length > 0;
  const hosts = name === 'mx' ? mailHosts(check, host) : [host];
  // A host of the MX that has no address spends nothing of what the record itself may look up in vain.
  const addresses =
    name === 'mx' ? hosts.flatMap((one) => check.network.addresses(one)) : found(check, check.network.addresses(host));
  return holdsAddress(
    addresses.map((one) => `${one}/${bits || '32'}`),
    check.address,
  );
}

/** The server's own name counts when it leads back to the address. */
function isNamedWithin({ network, address }: Check, domain: string): boolean {
  const server = network.reverse(address);
  return server !== null && `.${server}`.endsWith(`.${domain}`) && network.addresses(server).includes(address);
}

function mailHosts(check: Check, domain: string): readonly string[] {
  const hosts = found(check, check.network.mx(domain) ?? []);
  if (hosts.length > MOST_MAIL_HOSTS) throw new BrokenRecord(`${domain} has ${hosts.length} mail hosts`);
  return hosts;
}

/** What another name's record says. A name without a record spoils the whole. */
function vouched(check: Check, domain: string): SpfResult {
  lookUp(check);
  const result = verdictOf(check, domain);
  if (result === 'none') throw new BrokenRecord(`${domain} has no record`);
  return result;
}

function lookUp({ left }: Check): void {
  left.lookups -= 1;
  if (left.lookups < 0) throw new BrokenRecord('too many look-ups');
}

function found(check: Check, answers: readonly string[]): readonly string[] {
  if (answers.length === 0) check.left.voids -= 1;
  if (check.left.voids < 0) throw new BrokenRecord('too many look-ups in vain');
  return answers;
}
