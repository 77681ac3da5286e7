import { type Bound, isListChange } from './bind-parameters.ts';
import type { CmdletContext } from './cmdlet.ts';
import { changedAt, commonProperties, named } from './common-properties.ts';
import { effectiveAfter } from './effective-after.ts';
import { notFound } from './exchange-error.ts';
import { type ExchangeObject, type ExchangeValue, textOf } from './exchange-object.ts';
import type { Delays } from './object-store.ts';
import { spoil } from './spoil.ts';
import type { ObjectKind } from './tenant.ts';

const NOT_PROPERTIES = [
  'Identity',
  'MakeDefault',
  'Confirm',
  'WhatIf',
  'ErrorAction',
  'WarningAction',
  'InformationAction',
  'Verbose',
  'Debug',
];

/** `Get-…`: all objects, or the one that is named. */
export function getObjects(context: CmdletContext, kind: ObjectKind, bound: Bound): ExchangeObject[] {
  const store = context.tenant.stores[kind];
  const identity = bound.get('Identity');
  if (typeof identity !== 'string') return context.fault?.lists ? store.visible(context.now) : store.stored();
  const object = store.find(identity, store.visible(context.now));
  if (!object) throw notFound(identity);
  return [object];
}

/** The object a write is about; it must both be visible and still exist. */
export function namedObject(context: CmdletContext, kind: ObjectKind, bound: Bound): ExchangeObject {
  const store = context.tenant.stores[kind];
  const identity = bound.get('Identity');
  const wanted = typeof identity === 'string' ? identity : '';
  const object = store.find(wanted);
  if (!object || !store.find(wanted, store.visible(context.now))) throw notFound(wanted);
  return object;
}

/** A new object of a kind, not stored yet. */
export function newObject(
  context: CmdletContext,
  kind: ObjectKind,
  defaults: ExchangeObject,
  bound: Bound,
): ExchangeObject {
  const name = bound.get('Name');
  const text = typeof name === 'string' ? name : '';
  return merged({ ...commonProperties(kind, context.tenant, text, context.now), ...defaults }, bound);
}

/** The object with the bound parameters written over it. */
export function merged(object: ExchangeObject, bound: Bound): ExchangeObject {
  const result: Record<string, ExchangeValue> = { ...object };
  for (const [name, value] of bound) {
    if (NOT_PROPERTIES.includes(name)) continue;
    result[name] = isListChange(value) ? changeList(object[name], value) : value;
  }
  return result;
}

/** Stores an object under its name and with the time of the change. */
export function save(
  context: CmdletContext,
  kind: ObjectKind,
  object: ExchangeObject,
  effective = effectiveAfter(context.tenant, kind),
): ExchangeObject {
  const { tenant, now } = context;
  const whole = { ...object, ...named(kind, tenant, textOf(object, 'Name')), ...changedAt(now) };
  return saveBare(context, kind, whole, effective);
}

/** Stores an object as it is; what is stored and when it shows may be spoiled by a fault. */
export function saveBare(
  context: CmdletContext,
  kind: ObjectKind,
  object: ExchangeObject,
  effective = effectiveAfter(context.tenant, kind),
): ExchangeObject {
  const { tenant, now, fault } = context;
  const store = tenant.stores[kind];
  const value = spoil(object, store.find(keyOf(object)), fault);
  store.put(keyOf(object), value, now, delays(context, effective));
  context.world.tenants.changes.changed();
  return value;
}

export function remove(context: CmdletContext, kind: ObjectKind, object: ExchangeObject): void {
  const { tenant, now } = context;
  tenant.stores[kind].put(keyOf(object), null, now, delays(context, effectiveAfter(tenant, kind)));
  context.world.tenants.changes.changed();
}

export function isWhatIf(bound: Bound): boolean {
  return bound.get('WhatIf') === true;
}

/** Some kinds have no Guid: their Identity is one. */
function keyOf(object: ExchangeObject): string {
  return textOf(object, 'Guid') || textOf(object, 'Identity');
}

function delays({ fault, tenant, now, world }: CmdletContext, effective: number): Delays {
  // What happened before the rehearsal began has been seen by everyone.
  const usual = now < world.clock.now() - 60_000 ? 0 : tenant.switches.visibleAfterSeconds;
  const visible = fault?.kind === 'slow-propagation' ? Math.max(fault.seconds, usual) : usual;
  return { visible, effective: effective + visible };
}

function changeList(
  current: ExchangeValue | undefined,
  change: { add: readonly string[]; remove: readonly string[] },
): string[] {
  const gone = new Set(change.remove.map(comparable));
  const kept = (Array.isArray(current) ? current : []).map(String).filter((item) => !gone.has(comparable(item)));
  const have = new Set(kept.map(comparable));
  return [...kept, ...change.add.filter((item) => !have.has(comparable(item)))];
}

function comparable(item: string): string {
  return item
    .toLowerCase()
    .replace(/^smtp:/u, '')
    .replace(/;\d+$/u, '');
}
