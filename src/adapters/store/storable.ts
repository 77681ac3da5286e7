/**
 * The same data without what PostgreSQL stores in JSON and then cannot read out of it: NUL characters are left out, half
 * a surrogate pair becomes U+FFFD. One of them would make it refuse whatever is written together with it.
 */
export function storable<Value>(value: Value): Value {
  return clean(value) as Value;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [cleanText(key), clean(one)]));
}

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}
