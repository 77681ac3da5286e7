import type { CmdletCall } from '../../core/change.ts';
import type { Json, JsonObject } from '../../core/json.ts';

/** The body of a call. An object without its type would not be understood as the hashtable that it is. */
export function bodyOf({ cmdlet, parameters }: CmdletCall): JsonObject {
  const encoded = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, encode(value)]));
  return { CmdletInput: { CmdletName: cmdlet, Parameters: encoded } };
}

function encode(value: Json): Json {
  if (!isObject(value)) return value;
  return { '@odata.type': '#Exchange.GenericHashTable', ...value };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
