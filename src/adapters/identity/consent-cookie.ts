import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Marks the browser in which a link was opened, so that an answer that somebody else brings back is not taken for its
 * own. One cookie per link: several tenants may be connected in one browser. Its value cannot be worked out from the
 * link, which also those know who only read the card.
 */
export function consentCookie(id: string, key: Uint8Array, { path, isSecure, seconds }: CookieOptions): string {
  const secure = isSecure ? '; Secure' : '';
  return `${nameOf(id)}=${secretOf(id, key)}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

interface CookieOptions {
  readonly path: string;
  readonly isSecure: boolean;
  readonly seconds: number;
}

/** Whether the browser that sent these cookies opened the link. */
export function hasConsentCookie(id: string, key: Uint8Array, header: string): boolean {
  const name = `${nameOf(id)}=`;
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(name));
  const given = Buffer.from(found?.slice(name.length) ?? '');
  const expected = Buffer.from(secretOf(id, key));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function nameOf(id: string): string {
  return `switchyard_consent_${createHash('sha256').update(id).digest('hex').slice(0, 12)}`;
}

function secretOf(id: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`cookie ${id}`).digest('hex');
}
