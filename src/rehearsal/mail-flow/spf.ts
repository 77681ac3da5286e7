import { isIPv4 } from 'node:net';
import { holdsAddress } from './match.ts';
import type { Network } from './network.ts';
import { expandName, hasOnlyMacros } from './spf-macros.ts';
import { helo } from './wire.ts';

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror';

/** One check of one address, and what it may still look up. */
interface Check {
  readonly network: Network;
  readonly address: string;
  /** The whole envelope sender, which macros may ask for. */
  readonly sender: string;
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
const TERM = /^(?<sign>[+?~-]?)(?<name>[a-z][a-z0-9._-]*)(?:(?<by>[:=/])(?<rest>.*))?$/iu;
const TARGET = /^(?<host>.*?)(?:\/(?<bits>\d{1,2}))?(?:\/\/\d{1,3})?$/u;

/** The verdict of RFC 7208 on an IPv4 address that sends in the name of a domain, or of one person there. */
export function spfOf(network: Network, sender: string, address: string): SpfResult {
  const domain = sender.slice(sender.lastIndexOf('@') + 1).toLowerCase();
  const person = sender.lastIndexOf('@') > 0 ? sender : `postmaster@${domain}`;
  try {
    const left = { lookups: MOST_LOOKUPS, voids: MOST_VOIDS };
    return verdictOf({ network, address, sender: person, left }, domain);
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
  return redirect ? vouched(check, nameIn(check, redirect.value, domain)) : 'neutral';
}

/** A mistake anywhere spoils the whole record, also behind the term that would have decided. */
function termsOf(record: string): Term[] {
  const terms = record.trim().split(/\s+/u).slice(1).map(termFrom);
  const names = terms.filter(({ name, isModifier }) => isModifier && ONCE.has(name)).map(({ name }) => name);
  if (new Set(names).size < names.length) throw new BrokenRecord('a modifier is there twice');
  return terms;
}

function termFrom(text: string): Term {
  const { sign = '', name: written = '', by, rest = '' } = TERM.exec(text)?.groups ?? {};
  const name = written.toLowerCase();
  const isModifier = by === '=' && sign === '';
  const value = by === '/' ? `/${rest}` : rest;
  const isWhole = isModifier ? !ONCE.has(name) || rest !== '' : by !== '=' && isMechanism(name, value);
  if (!isWhole || !hasOnlyMacros(value)) throw new BrokenRecord(`${text} cannot be read`);
  return { sign, name, value, isModifier };
}

function isMechanism(name: string, value: string): boolean {
  if (!MECHANISMS.has(name)) return false;
  if (name === 'all') return value === '';
  if (name === 'include' || name === 'exists') return value !== '';
  if (name === 'a' || name === 'mx') {
    const { host = '', bits = '32' } = TARGET.exec(value)?.groups ?? {};
    return !host.replaceAll(/%\{[^}]*\}/gu, '').includes('/') && Number(bits) <= 32;
  }
  const [address = '', bits = '32'] = value.split('/');
  return name !== 'ip4' || (isIPv4(address) && /^\d{1,2}$/u.test(bits) && Number(bits) <= 32);
}

function holds(check: Check, { name, value }: Term, domain: string): boolean {
  if (name === 'all') return true;
  if (name === 'ip4') return holdsAddress([value], check.address);
  if (name === 'include') return vouched(check, nameIn(check, value, domain)) === 'pass';
  if (name === 'ip6') return false;
  lookUp(check);
  const { host: target = '', bits = '32' } = TARGET.exec(value)?.groups ?? {};
  const host = target === '' ? domain : nameIn(check, target, domain);
  if (name === 'ptr') return isNamedWithin(check, host);
  if (name === 'exists') return found(check, check.network.addresses(host)).length > 0;
  const hosts = name === 'mx' ? mailHosts(check, host) : [host];
  // A host of the MX that has no address spends nothing of what the record itself may look up in vain.
  const addresses =
    name === 'mx' ? hosts.flatMap((one) => check.network.addresses(one)) : found(check, check.network.addresses(host));
  return holdsAddress(
    addresses.map((one) => `${one}/${bits}`),
    check.address,
  );
}

/** The server's own name counts when it leads back to the address. */
function serverName({ network, address }: Check): string | null {
  const server = network.reverse(address);
  return server !== null && network.addresses(server).includes(address) ? server : null;
}

function isNamedWithin(check: Check, domain: string): boolean {
  const server = serverName(check);
  return server !== null && `.${server}`.endsWith(`.${domain}`);
}

function nameIn(check: Check, text: string, domain: string): string {
  const { sender, address } = check;
  return expandName(text, { sender, domain, address, helo, serverName: () => serverName(check) ?? 'unknown' });
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
