/**
 * What somebody typed without what can be neither shown nor stored: half a surrogate pair becomes U+FFFD, control
 * characters other than line breaks and tabs are left out.
 */
export function legible(text: string): string {
  return text.toWellFormed().replaceAll(/(?![\n\t])\p{Cc}/gu, '');
}

/** The same for what a card sent: one level of fields, as all our cards have it. */
export function legibleFields(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const fields = Object.entries(data).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? legible(value) : value,
  ]);
  return Object.fromEntries(fields);
}
