import type { Json, JsonObject } from '../core/json.ts';

/** Teams refuses large messages; a card stays below this many UTF-8 bytes, which leaves some for a banner. */
export const cardLimit = 27 * 1024;

/** What a template writes beside the texts, in bytes: once, and for each row of a list. */
export interface Weight {
  readonly fixed: number;
  readonly row: number;
  /** For the rows of some lists, by their name in the model. Default: `row`. */
  readonly lists?: Readonly<Record<string, number>>;
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
function estimate(model: JsonObject, weight: Weight): number {
  return weight.fixed + Buffer.byteLength(JSON.stringify(model)) + rowsIn(model, weight.row, weight);
}

function rowsIn(value: Json, row: number, weight: Weight): number {
  if (value === null || typeof value !== 'object') return 0;
  if (isList(value)) return value.reduce((sum: number, entry) => sum + row + rowsIn(entry, weight.row, weight), 0);
  return Object.entries(value).reduce(
    (sum, [name, entry]) => sum + rowsIn(entry, weight.lists?.[name] ?? weight.row, weight),
    0,
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value holds more characters than this; looks no further than it has to. */
export function holdsMoreThan(most: number, value: unknown): boolean {
  let left = most;
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && left >= 0) {
    const next = waiting.pop();
    if (typeof next === 'string') left -= next.length;
    else if (next !== null && typeof next === 'object') {
      left -= 1;
      waiting.push(...Object.values(next).slice(0, left + 2));
    }
  }
  return left < 0;
}
