import type { ExchangeObject } from './exchange-object.ts';

const LARGEST_PAGE = 1000;

interface Session {
  readonly objects: readonly ExchangeObject[];
  readonly offset: number;
  readonly size: number;
  readonly anchor: string;
  readonly cookie: string;
  /** Virtual milliseconds a link lives. */
  readonly life: number;
  /** Virtual milliseconds. */
  readonly expires: number;
}

export interface Page {
  readonly objects: readonly ExchangeObject[];
  /** For the next link; null on the last page. */
  readonly skiptoken: string | null;
  readonly cookie: string;
}

/** Results that did not fit one page, kept until they are fetched with the same anchor and cookie. */
export class Paging {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  first(objects: readonly ExchangeObject[], prefer: string, anchor: string, life: number): Page {
    const wanted = Number(/odata\.maxpagesize=(\d+)/iu.exec(prefer)?.[1] ?? LARGEST_PAGE);
    const size = Math.min(Math.max(wanted, 1), LARGEST_PAGE);
    return this.#page({ objects, offset: 0, size, anchor, cookie: crypto.randomUUID(), life, expires: 0 });
  }

  /** The next page; null when the link is unknown, too old, or came without its anchor or cookie. */
  next(skiptoken: string, anchor: string, cookies: string): Page | null {
    const session = this.#sessions.get(skiptoken);
    if (!session || session.expires < this.#now()) return null;
    if (session.anchor !== anchor || anchor === '' || !cookies.includes(session.cookie)) return null;
    return this.#page(session);
  }

  #page(session: Session): Page {
    const end = session.offset + session.size;
    const objects = session.objects.slice(session.offset, end);
    if (end >= session.objects.length) return { objects, skiptoken: null, cookie: session.cookie };
    const skiptoken = crypto.randomUUID();
    this.#sessions.set(skiptoken, { ...session, offset: end, expires: this.#now() + session.life });
    return { objects, skiptoken, cookie: session.cookie };
  }
}
