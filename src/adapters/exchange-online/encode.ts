import type { CmdletCall } from '../../core/change.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { cmdletTable } from './cmdlet-table.ts';
import type { ParameterKind } from './cmdlets/parameter-kind.ts';

/** The body of a call, each value as the cmdlet table has it. */
export function bodyOf({ cmdlet, parameters }: CmdletCall): JsonObject {
  const kinds = cmdletTable.get(cmdlet)?.parameters ?? {};
  const encoded = Object.entries(parameters).map(([name, value]) => [name, encode(value, kinds[name])]);
  return { CmdletInput: { CmdletName: cmdlet, Parameters: Object.fromEntries(encoded) } };
}

/** Entries to add and remove are a hashtable, and without its type they would not be understood as one. */
function encode(value: Json, kind: ParameterKind | undefined): Json {
  const isMerged = kind?.kind === 'texts' && kind.merges && isObject(value);
  return isMerged ? { '@odata.type': '#Exchange.GenericHashTable', ...value } : value;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
