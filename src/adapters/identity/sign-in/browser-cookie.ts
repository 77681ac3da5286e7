import { hashOf, isSecret } from './sign-in-secrets.ts';

/** One per link: somebody may have two decisions open in two tabs. */
export function browserCookie(id: string, browser: string, settings: { path: string; isSecure: boolean }): string {
  const secure = settings.isSecure ? '; Secure' : '';
  return `${nameOf(id)}=${browser}; Path=${settings.path}; Max-Age=900; HttpOnly; SameSite=Lax${secure}`;
}

/** What the browser holds for a link, or null. */
export function browserOf(id: string, cookies: string): string | null {
  const name = `${nameOf(id)}=`;
  const pair = cookies
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(name));
  const value = pair?.slice(name.length) ?? '';
  return isSecret(value) ? value : null;
}

function nameOf(id: string): string {
  return `switchyard_sign_in_${hashOf(id)
    .replaceAll(/[^a-z0-9]/giu, '')
    .slice(0, 12)}`;
}
