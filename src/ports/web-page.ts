/** What a browser asks for on one of our addresses. Everything in it is hostile until it is checked. */
export interface WebRequest {
  /** Parts of the path, by the names the route gives them. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Empty for a GET. */
  readonly form: URLSearchParams;
  /** The `Cookie` header. */
  readonly cookies: string;
  /** The `Origin` header, null where the browser sent none. */
  readonly origin: string | null;
}

/** What the browser gets: a page, or the address to go on to. */
export interface WebAnswer {
  readonly status: number;
  readonly html?: string;
  readonly location?: string;
  readonly cookies?: readonly string[];
  /** Hash of the page's style sheet, for the content security policy; default: no style sheet is allowed. */
  readonly styleHash?: string;
}

/** One of our addresses for browsers. */
export interface WebRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: (request: WebRequest) => Promise<WebAnswer>;
}
