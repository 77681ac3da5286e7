import type { CmdletContext } from '../cmdlet.ts';
import { alreadyExists, invalid } from '../exchange-error.ts';
import { type ExchangeObject, textOf } from '../exchange-object.ts';
import type { ObjectKind } from '../tenant.ts';

/** Names are unique within a kind, whatever their case. */
export function checkName(
  { tenant }: CmdletContext,
  kind: ObjectKind,
  object: ExchangeObject,
  limits: { what: string; length: number },
): void {
  const name = textOf(object, 'Name');
  if (name.trim() === '') throw invalid(`The name of the ${limits.what} is empty.`);
  if (name !== name.trim()) throw invalid(`The name "${name}" of the ${limits.what} begins or ends with a blank.`);
  if (name.length > limits.length) {
    throw invalid(`The name of the ${limits.what} is ${name.length} characters long; the maximum is ${limits.length}.`);
  }
  if (kind.endsWith('Connectors') && tenant.switches.duplicateNamesAllowed) return;
  const clash = tenant.stores[kind]
    .stored()
    .find((other) => textOf(other, 'Name').toLowerCase() === name.toLowerCase() && other['Guid'] !== object['Guid']);
  if (clash) throw alreadyExists(limits.what, name);
}

export function checkComment(object: ExchangeObject, property: string): void {
  const { length } = textOf(object, property);
  if (length > 1024) throw invalid(`The value of ${property} is ${length} characters long; the maximum is 1024.`);
}
