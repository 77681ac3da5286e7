import { inForm, type Parameter } from '../parameter.ts';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A spam confidence level: −1, or 0 to 9. */
export const spamLevel: Parameter = inForm({
  type: 'Microsoft.Exchange.Data.SclValue',
  read: (value) => (/^(?:-1|\d)$/u.test(value) ? value : null),
});

/** The name of a header field (RFC 5322 §3.6.8): no blanks, no colon. */
export const headerName: Parameter = inForm({
  type: 'Microsoft.Exchange.MessagingPolicies.Rules.Tasks.HeaderName',
  read: (value) => (/^[!-9;-~]+$/u.test(value) ? value : null),
});

/** `10MB`, `22.5 MB (23,592,960 bytes)` or plain octets; stored in the long form. */
export const byteSize: Parameter = inForm({
  type: 'Microsoft.Exchange.Data.ByteQuantifiedSize',
  read: (value) => {
    const size = octets(value);
    return size === null ? null : shown(size);
  },
});

/** How many octets a size is, however it is written; null when it is none. */
export function octets(value: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?b)?\s*(?:\((\d[\d,]*) bytes\))?\s*$/iu.exec(value);
  if (!found) return null;
  const [, amount = '', unit = 'B', exact] = found;
  if (exact !== undefined) return Number(exact.replaceAll(',', ''));
  return Math.round(Number(amount) * 1024 ** UNITS.indexOf(unit.toUpperCase()));
}

function shown(size: number): string {
  const power = Math.max(
    0,
    UNITS.findLastIndex((_, index) => size >= 1024 ** index),
  );
  const amount = Number((size / 1024 ** power).toPrecision(4));
  return `${amount} ${UNITS[power]} (${size.toLocaleString('en-US')} bytes)`;
}
