import type { Json, JsonObject } from '../core/json.ts';

/** Teams refuses large messages; cards stay below this many UTF-8 bytes, with the banner that rehearsal adds. */
export const cardLimit = 28 * 1024;

// What the fixed parts of the largest template, and one row of its longest list, weigh beside their texts.
const templateBytes = 8200;
const rowBytes = 520;

/** The model made with the first room whose card stays below the limit; the last room always does. */
export function roomy<Room>(rooms: readonly Room[], make: (room: Room) => JsonObject): JsonObject {
  let model: JsonObject = {};
  for (const room of rooms) {
    model = make(room);
    if (estimate(model) <= cardLimit) return model;
  }
  return model;
}

/** An upper bound of the card's size in bytes: its texts, and what the template writes around each row. */
function estimate(model: JsonObject): number {
  return templateBytes + Buffer.byteLength(JSON.stringify(model)) + rowBytes * rowsIn(model);
}

function rowsIn(value: Json): number {
  if (value === null || typeof value !== 'object') return 0;
  const inner = Object.values(value).reduce((sum: number, entry: Json) => sum + rowsIn(entry), 0);
  return Array.isArray(value) ? value.length + inner : inner;
}
