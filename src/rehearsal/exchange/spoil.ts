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
  return changed.find((name) => !name.startsWith('When')) ?? 'Comment';
}

function firstFilledList(object: ExchangeObject): string {
  const written = ['SenderIPAddresses', 'EFSkipIPs', 'SmartHosts', 'RecipientDomainIs', 'Comment', 'Comments'];
  return written.find((name) => isFilled(object[name])) ?? 'Comment';
}

/** The same meaning in another spelling, or the value that the fault names. */
function normalised(object: ExchangeObject, fault: Fault): ExchangeObject {
  if (fault.property !== null) return { ...object, [fault.property]: asValue(fault.value) };
  const asBlock = (value: ExchangeValue | undefined): string[] =>
    (Array.isArray(value) ? value : []).map((entry) => (entry.includes('/') ? entry : `${entry}/32`)).reverse();
  return {
    ...object,
    ...('SenderIPAddresses' in object ? { SenderIPAddresses: asBlock(object['SenderIPAddresses']) } : {}),
    ...('EFSkipIPs' in object ? { EFSkipIPs: asBlock(object['EFSkipIPs']) } : {}),
  };
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
