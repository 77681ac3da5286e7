/** Replaces everything a map holds. */
export function refill<Value>(map: Map<string, Value>, entries: Readonly<Record<string, Value>>): void {
  map.clear();
  for (const [key, value] of Object.entries(entries)) map.set(key, value);
}
