/** Seconds a service asks to be left alone, from `Retry-After` as seconds or as a date; null when it does not say. */
export function retryAfterSeconds(header: string | null | undefined): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/u.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
