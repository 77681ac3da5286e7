import { InvalidInputError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import type { PolicyDocument } from './approval-policy.ts';
import { documentFrom, fieldsOf } from './policy-fields.ts';

/** A new ring comes into being with its first member. */
const ringField = /^rings\.[a-z][a-z0-9-]{0,30}\.(people|groups)$/;

/**
 * The policy with one field changed to what somebody typed: a number, a word, `true` or `false`, `none`, a list such as
 * `a, b`, `add a` or `remove a` for a list, or JSON. Throws `InvalidInputError` in words for whoever typed it.
 */
export function changedPolicy(document: PolicyDocument, field: string, typed: string): PolicyDocument {
  const fields = fieldsOf(document);
  const path = Object.keys(fields).find((name) => name.toLowerCase() === field.toLowerCase()) ?? field;
  const present = Object.hasOwn(fields, path) ? fields[path] : undefined;
  if (present === undefined && !ringField.test(path)) {
    throw new InvalidInputError(`The approval policy has no field named ${field}.`, {
      operation: 'change the approval policy',
      next: 'Type “policy” for its fields. A new ring is made by adding somebody to rings.<name>.people.',
    });
  }
  return documentFrom({ ...fields, [path]: valueFrom(typed.trim(), present === undefined ? [] : present) });
}

/** What differs between two policies, as the fields of the second; null where the second has none. */
export function fieldsThatChange(before: PolicyDocument, after: PolicyDocument): JsonObject {
  const [from, to] = [fieldsOf(before), fieldsOf(after)];
  const paths = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changed = paths.filter((path) => JSON.stringify(from[path] ?? null) !== JSON.stringify(to[path] ?? null));
  return Object.fromEntries(changed.map((path) => [path, to[path] ?? null]));
}

function valueFrom(typed: string, present: Json): Json {
  if (Array.isArray(present) && !typed.startsWith('[')) return listOf(typed, present as readonly Json[]);
  if (/^(none|null|off|nobody)$/i.test(typed)) return null;
  if (typeof present === 'string') return typed;
  try {
    return JSON.parse(typed) as Json;
  } catch {
    return typed;
  }
}

function listOf(typed: string, present: readonly Json[]): Json {
  const [, verb = '', rest = ''] = /^(add|remove)\s+(.*)$/is.exec(typed) ?? ['', '', typed];
  const isEmpty = /^(none|null|nobody|)$/i.test(rest.trim());
  const items = isEmpty ? [] : rest.split(/[\s,;]+/u).filter((item) => item !== '');
  const named: Json[] = items.map((item) => (/^\d+$/.test(item) ? Number(item) : item.toLowerCase()));
  if (verb.toLowerCase() === 'add') return [...present, ...named.filter((item) => !present.includes(item))];
  if (verb.toLowerCase() === 'remove') return present.filter((item) => !named.includes(item));
  return named;
}
