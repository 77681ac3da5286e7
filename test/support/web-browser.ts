/** A browser without a screen: keeps cookies, follows redirects, sends forms. */
export class WebBrowser {
  readonly #cookies = new Map<string, string>();
  /** Every address it was at, the last one at the end. */
  readonly visited: string[] = [];

  /** Opens an address and follows where it leads. */
  async open(address: string | URL, form?: Readonly<Record<string, string>>): Promise<WebView> {
    let url = new URL(address);
    let sent = form;
    for (let hop = 0; hop < 10; hop += 1) {
      this.visited.push(url.href);
      const response = await fetch(url, {
        method: sent ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { cookie: this.#cookieHeader(), ...(sent ? { origin: url.origin } : {}) },
        ...(sent ? { body: new URLSearchParams({ ...sent }) } : {}),
      });
      this.#keep(response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (location === null) return new WebView(url, response.status, response.headers, await response.text());
      url = new URL(location, url);
      sent = undefined;
    }
    throw new Error(`Redirected in circles: ${this.visited.join(' ')}`);
  }

  /** Sends the only form of a page. */
  submit(view: WebView, values: Readonly<Record<string, string>> = {}): Promise<WebView> {
    return this.open(view.formAddress, { ...view.hidden, ...values });
  }

  /** Signs in as somebody on the page that Entra shows. */
  async signIn(link: string | URL, person: string): Promise<WebView> {
    return this.submit(await this.open(link), { person, decision: 'accept' });
  }

  /** The same browser with everything it holds, as a thief of its cookies has it. */
  copy(): WebBrowser {
    const other = new WebBrowser();
    for (const [name, value] of this.#cookies) other.#cookies.set(name, value);
    return other;
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      this.#cookies.set(name, value);
    }
  }
}

/** A page as it was loaded. */
export class WebView {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;

  constructor(url: URL, status: number, headers: Headers, html: string) {
    this.url = url;
    this.status = status;
    this.headers = headers;
    this.html = html;
  }

  /** What a person reads, without styles. */
  get text(): string {
    const bare = this.html.replace(/<style>.*?<\/style>/gsu, '').replace(/<[^>]+>/gu, ' ');
    return bare.replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code))).replace(/\s+/gu, ' ');
  }

  get formAddress(): URL {
    const [, action] = /<form method="post"(?: action="([^"]*)")?/u.exec(this.html) ?? [];
    if (!this.html.includes('<form')) throw new Error(`There is no form on this page: ${this.text}`);
    return new URL(action ?? this.url, this.url);
  }

  get hidden(): Record<string, string> {
    const fields = this.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/gu);
    return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
  }
}
