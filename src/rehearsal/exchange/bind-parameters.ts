import { badValue, missingParameter, repeatedParameter, unknownParameter } from './exchange-error.ts';
import type { ExchangeValue } from './exchange-object.ts';
import { common, type Form, type Parameter, type Parameters } from './parameter.ts';

/** `@{Add=…;Remove=…}`: a change of a list instead of a new one. */
export interface ListChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export type BoundValue = ExchangeValue | ListChange;

/** Parameters by their canonical names. */
export type Bound = ReadonlyMap<string, BoundValue>;

/** Turns the JSON parameters of a call into typed values, as forgiving and as strict as the service is. */
export function bindParameters(
  cmdlet: string,
  declared: Parameters,
  given: Readonly<Record<string, unknown>>,
): Map<string, BoundValue> {
  const known = new Map(Object.keys({ ...common, ...declared }).map((name) => [name.toLowerCase(), name]));
  const all: Parameters = { ...common, ...declared };
  const bound = new Map<string, BoundValue>();
  for (const [spelling, value] of Object.entries(given)) {
    const name = known.get(spelling.toLowerCase());
    const parameter = name === undefined ? undefined : all[name];
    if (name === undefined || !parameter) throw unknownParameter(cmdlet, spelling);
    if (bound.has(name)) throw repeatedParameter(name);
    bound.set(name, read(name, parameter, value));
  }
  const missing = Object.entries(declared)
    .filter(([name, { required }]) => required && (bound.get(name) ?? null) === null)
    .map(([name]) => name);
  if (missing.length > 0) throw missingParameter(cmdlet, missing);
  return bound;
}

export function isListChange(value: BoundValue | undefined): value is ListChange {
  return typeof value === 'object' && value !== null && 'add' in value;
}

function read(name: string, parameter: Parameter, value: unknown): BoundValue {
  if (parameter.kind === 'list') return readList(name, value);
  if (parameter.kind === 'choices') return readChoices(name, parameter.members, value);
  if (parameter.kind === 'table') return readTable(name, value);
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (single === null && parameter.kind !== 'flag') return null;
  if (typeof single === 'object') throw badValue(name, 'An object or a list cannot be converted to a single value.');
  switch (parameter.kind) {
    case 'flag':
      return readFlag(name, single);
    case 'number':
      return readNumber(name, single);
    case 'date':
      return readDate(name, String(single));
    case 'choice':
      return readChoice(name, parameter.members, String(single));
    case 'form':
      return readForm(name, parameter.form, String(single));
    case 'text':
      return String(single);
  }
}

function readFlag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1) return value === 1;
  const word = String(value).toLowerCase().replace(/^\$/u, '');
  if (word === 'true' || word === 'false') return word === 'true';
  throw badValue(name, `Cannot convert value "${String(value)}" to type "System.Boolean".`);
}

function readNumber(name: string, value: unknown): number {
  const result = typeof value === 'number' || /^-?\d+$/u.test(String(value)) ? Number(value) : Number.NaN;
  if (Number.isInteger(result)) return result;
  throw badValue(name, `Cannot convert value "${String(value)}" to type "System.Int32".`);
}

function readDate(name: string, value: string): string {
  const time = Date.parse(value);
  if (Number.isFinite(time)) return new Date(time).toISOString();
  throw badValue(name, `String "${value}" was not recognized as a valid DateTime.`);
}

function readForm(name: string, { type, read: readAs }: Form, value: string): string | null {
  if (value === '') return null;
  const found = readAs(value);
  if (found !== null) return found;
  throw badValue(name, `Cannot convert value "${value}" to type "${type}".`);
}

/** Members are matched whatever their case, and by any beginning that fits only one of them. */
function readChoice(name: string, members: readonly string[], value: string): string | null {
  const wanted = value.toLowerCase();
  if (wanted === '') return null;
  const exact = members.find((member) => member.toLowerCase() === wanted);
  const fitting = members.filter((member) => member.toLowerCase().startsWith(wanted));
  const found = exact ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (found !== undefined) return found;
  throw badValue(
    name,
    `Unable to match the identifier name ${value} to a valid enumerator name. Specify one of the following enumerator names and try again: ${members.join(', ')}.`,
  );
}

function readChoices(name: string, members: readonly string[], value: unknown): BoundValue {
  const given = readList(name, value);
  const read = (items: readonly string[]): string[] => items.map((item) => readChoice(name, members, item) ?? item);
  if (isListChange(given)) return { add: read(given.add), remove: read(given.remove) };
  return Array.isArray(given) ? read(given) : given;
}

/** Kept as the text of what was given: no object shows it. */
function readTable(name: string, value: unknown): BoundValue {
  if (value === null) return null;
  if (typeof value === 'object' && !Array.isArray(value) && isTagged(value)) return JSON.stringify(value);
  throw badValue(name, JOBJECT);
}

function isTagged(value: object): boolean {
  return '@odata.type' in value && value['@odata.type'] === '#Exchange.GenericHashTable';
}

const JOBJECT = 'Cannot convert the "Newtonsoft.Json.Linq.JObject" value to the type of the parameter.';

function readList(name: string, value: unknown): BoundValue {
  if (value === null) return [];
  if (Array.isArray(value)) return value.map((item) => element(name, item));
  return typeof value === 'object' ? readHashtable(name, value) : [element(name, value)];
}

/** An object without the type tag reaches the service as a JObject, which no parameter takes. */
function readHashtable(name: string, value: object): BoundValue {
  const entries = Object.entries(value);
  if (!isTagged(value)) throw badValue(name, JOBJECT);
  const parts = entries.filter(([key]) => key !== '@odata.type').map(([key, part]) => [key.toLowerCase(), part]);
  if (parts.length === 0) return [];
  const stranger = parts.find(([key]) => key !== 'add' && key !== 'remove');
  if (stranger) throw badValue(name, `The key "${String(stranger[0])}" is not Add or Remove.`);
  const part = (key: string): string[] => {
    const found: unknown = parts.find(([given]) => given === key)?.[1] ?? [];
    return [found].flat().map((item) => element(name, item));
  };
  return { add: part('add'), remove: part('remove') };
}

function element(name: string, item: unknown): string {
  if (typeof item === 'string' || typeof item === 'number') return String(item);
  throw badValue(name, 'Every element of the list must be a text.');
}
