const MOST = 30;
const LONGEST = 4096;

/** Cookies by host: they keep the pages of one answer, and what follows a write, on one server. */
export class CookieJar {
  readonly #hosts = new Map<string, Map<string, string>>();

  copy(): CookieJar {
    const copy = new CookieJar();
    for (const [host, cookies] of this.#hosts) copy.#hosts.set(host, new Map(cookies));
    return copy;
  }

  header(host: string): Record<string, string> {
    const cookies = [...(this.#hosts.get(host) ?? [])];
    return cookies.length === 0 ? {} : { cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  store(host: string, headers: Headers): void {
    const cookies = this.#hosts.get(host) ?? new Map<string, string>();
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/u.exec(line) ?? [];
      if (name === undefined || value === undefined || line.length > LONGEST) continue;
      if (/;\s*max-age=(0|-\d+)\s*(;|$)/iu.test(line)) cookies.delete(name);
      else if (cookies.has(name) || cookies.size < MOST) cookies.set(name, value.trim());
    }
    this.#hosts.set(host, cookies);
  }
}
