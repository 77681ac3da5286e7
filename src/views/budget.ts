import type { Json, JsonObject } from '../core/json.ts';

/** Teams refuses large messages; a card stays below this many UTF-8 bytes, which leaves some for a banner. */
export const cardLimit = 27 * 1024;

/** What a template writes beside the texts, in bytes: once, and for each row of a list. */
export interface Weight {
  readonly fixed: number;
  readonly row: number;
}

/** The model made with the first room whose card stays below the limit, at worst with the last one. */
export function roomy<Room>(rooms: readonly Room[], weight: Weight, make: (room: Room) => JsonObject): JsonObject {
  let model: JsonObject = {};
  for (const room of rooms) {
    model = make(room);
    if (estimate(model, weight) <= cardLimit) return model;
  }
  return model;
}

/** An upper bound of the card's size in bytes. */
function estimate(model: JsonObject, { fixed, row }: Weight): number {
  return fixed + Buffer.byteLength(JSON.stringify(model)) + row * rowsIn(model);
}

function rowsIn(value: Json): number {
  if (value === null || typeof value !== 'object') return 0;
  const inner = Object.values(value).reduce((sum: number, entry: Json) => sum + rowsIn(entry), 0);
  return Array.isArray(value) ? value.length + inner : inner;
}
