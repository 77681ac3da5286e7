import type { z } from 'zod/v4';
import { InvalidInputError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { approvalPolicySchema, type PolicyDocument } from './approval-policy.ts';

/** How many names a field's path has below these parts; everything else is one field, whatever it holds. */
const depths: Readonly<Record<string, number>> = { requesters: 1, operators: 1, rings: 2, rules: 2 };

/** A policy as fields with paths such as `rules.high.quorum` and `rings.approvers.people`. */
export function fieldsOf(document: PolicyDocument): JsonObject {
  const fields: Record<string, Json> = {};
  const visit = (path: string, value: Json, depth: number): void => {
    if (depth === 0 || value === null || typeof value !== 'object') fields[path] = value;
    else for (const [name, part] of Object.entries(value)) visit(`${path}.${name}`, part as Json, depth - 1);
  };
  for (const [name, value] of Object.entries(document)) visit(name, value as Json, depths[name] ?? 0);
  return fields;
}

/**
 * The policy that has these fields; a field inside a ring that is null is not there, and a ring without fields neither.
 * Throws `InvalidInputError` naming the field that no policy can have.
 */
export function documentFrom(fields: JsonObject): PolicyDocument {
  const root: Record<string, unknown> = { rings: {} };
  for (const [path, value] of Object.entries(fields)) {
    const names = path.split('.');
    const isNested = names.length > 1;
    if (isNested && value === null) continue;
    put(root, names, value);
  }
  const parsed = approvalPolicySchema.safeParse(root);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidInputError(
    `${issue?.path.join('.') || 'The policy'} ${issue ? inWords(issue) : 'cannot be used'}.`,
    {
      operation: 'change the approval policy',
      next: 'Type “policy” for its fields and their present values.',
    },
  );
}

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'a word',
  array: 'a list',
};

function inWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? 'of another form'}`;
    case 'too_small':
      return issue.origin === 'array' ? `needs at least ${issue.minimum}` : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'array' ? `may have at most ${issue.maximum}` : `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    default:
      return `cannot be used: ${issue.message}`;
  }
}

function put(root: Record<string, unknown>, names: readonly string[], value: Json): void {
  let at = root;
  for (const name of names.slice(0, -1)) {
    const next = Object.hasOwn(at, name) ? at[name] : {};
    Object.defineProperty(at, name, { value: next, enumerable: true, configurable: true, writable: true });
    at = next as Record<string, unknown>;
  }
  const last = names.at(-1) ?? '';
  Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
}
