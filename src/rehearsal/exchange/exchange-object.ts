/** A property value as Exchange returns it. Lists are always arrays, never single values. */
export type ExchangeValue = string | number | boolean | null | readonly string[];

/** One Exchange object: connector, rule, accepted domain, organisation config. Property names as Exchange spells them. */
export type ExchangeObject = Readonly<Record<string, ExchangeValue>>;

export function textOf(object: ExchangeObject, property: string): string {
  const value = object[property];
  return typeof value === 'string' ? value : '';
}

export function listOf(object: ExchangeObject, property: string): readonly string[] {
  const value = object[property];
  return Array.isArray(value) ? value : [];
}

export function isOn(object: ExchangeObject, property: string): boolean {
  return object[property] === true;
}
