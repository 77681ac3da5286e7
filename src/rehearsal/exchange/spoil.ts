import type { Fault } from '../faults.ts';
import type { ExchangeObject, ExchangeValue } from './exchange-object.ts';

/** What is really stored when a write is hit by `partial-write` or `normalised-value`. */
export function spoil(object: ExchangeObject, before: ExchangeObject | null, fault: Fault | null): ExchangeObject {
  if (fault?.kind === 'partial-write') return partial(object, before, fault.property);
  if (fault?.kind === 'normalised-value') return normalised(object, fault);
  return object;
}

/** One property keeps its old value although the call reports success. */
function partial(object: ExchangeObject, before: ExchangeObject | null, property: string | null): ExchangeObject {
  const lost = property ?? (before ? firstChange(object, before) : firstFilledList(object));
  return { ...object, [lost]: before?.[lost] ?? emptyLike(object[lost]) };
}

function firstChange(object: ExchangeObject, before: ExchangeObject): string {
  const changed = Object.keys(object).filter((name) => JSON.stringify(object[name]) !== JSON.stringify(before[name]));
  return changed.find((name) => !/^(When|Last|Modified)/u.test(name)) ?? 'AdminDisplayName';
}

function firstFilledList(object: ExchangeObject): string {
  const written = ['SenderIPAddresses', 'EFSkipIPs', 'SmartHosts', 'RecipientDomainIs', 'Comment', 'Comments'];
  const others = ['SendingInfrastructure', 'Notes', 'Selector2CNAME', 'NotifyUser', 'SetSCL'];
  return [...written, ...others].find((name) => isFilled(object[name])) ?? 'AdminDisplayName';
}

/** The same meaning in another spelling, or the value that the fault names. */
function normalised(object: ExchangeObject, fault: Fault): ExchangeObject {
  if (fault.property !== null) return { ...object, [fault.property]: asValue(fault.value) };
  const asBlock = (value: ExchangeValue | undefined): string[] =>
    (Array.isArray(value) ? value : []).map((entry) => (/[-/]/u.test(entry) ? entry : `${entry}/32`)).reverse();
  const lists = ['SenderIPAddresses', 'EFSkipIPs', 'IPAllowList', 'IPBlockList'].filter((name) => name in object);
  return { ...object, ...Object.fromEntries(lists.map((name) => [name, asBlock(object[name])])) };
}

function isFilled(value: ExchangeValue | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : typeof value === 'string' && value !== '';
}

function emptyLike(value: ExchangeValue | undefined): ExchangeValue {
  if (Array.isArray(value)) return [];
  return typeof value === 'boolean' ? false : null;
}

function asValue(value: unknown): ExchangeValue {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
