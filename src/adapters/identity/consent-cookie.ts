import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Marks the browser in which a link was opened, so that an answer that somebody else brings back is not taken for its
 * own. One cookie per link: several tenants may be connected in one browser.
 */
export function consentCookie(id: string, { path, isSecure, seconds }: CookieOptions): string {
  const secure = isSecure ? '; Secure' : '';
  return `${nameOf(id)}=${secretOf(id)}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

interface CookieOptions {
  readonly path: string;
  readonly isSecure: boolean;
  readonly seconds: number;
}

/** Whether the browser that sent these cookies opened the link. */
export function hasConsentCookie(id: string, header: string): boolean {
  const name = `${nameOf(id)}=`;
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(name));
  const given = Buffer.from(found?.slice(name.length) ?? '');
  const expected = Buffer.from(secretOf(id));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function nameOf(id: string): string {
  return `switchyard_consent_${digest(`name ${id}`).slice(0, 12)}`;
}

function secretOf(id: string): string {
  return digest(`value ${id}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
