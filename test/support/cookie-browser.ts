/** What a browser shows. */
export interface SeenPage {
  readonly status: number;
  readonly html: string;
  readonly url: string;
}

/** Follows redirects and keeps cookies by host and port, as a browser does; runs no script. */
export class CookieBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();
  #at = '';

  async open(url: string): Promise<SeenPage> {
    return this.#follow(url, {});
  }

  /** Sends the form of the page that is open to its own address. */
  async submit(fields: Record<string, string>): Promise<SeenPage> {
    return this.#follow(this.#at, { method: 'POST', body: new URLSearchParams(fields) });
  }

  async #follow(url: string, init: RequestInit): Promise<SeenPage> {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/u.exec(line) ?? [];
      jar.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) return this.#follow(new URL(location, url).href, {});
    this.#at = url;
    return { status: response.status, html: await response.text(), url };
  }
}

/** The address behind the first button of a card that opens one; empty when there is none. */
export function linkOn(card: unknown): string {
  if (card === null || typeof card !== 'object') return '';
  if ('type' in card && card.type === 'Action.OpenUrl' && 'url' in card) return String(card.url);
  for (const part of Object.values(card)) {
    const found = linkOn(part);
    if (found !== '') return found;
  }
  return '';
}
