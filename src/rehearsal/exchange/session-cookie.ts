const NAME = 'exchangecookie';

/** The cookie that keeps the calls of one client together: the one it came with, or a new one. */
export function sessionCookie(cookies: string): string {
  return new RegExp(`(?:^|[;,]\\s*)${NAME}=([^;,\\s]+)`, 'u').exec(cookies)?.[1] ?? crypto.randomUUID();
}

/** The header that gives it to the client. */
export function setCookie(cookie: string): Record<string, string> {
  return { 'set-cookie': `${NAME}=${cookie}; path=/; secure; HttpOnly` };
}
