import type { ExchangeObject } from './exchange-object.ts';

const LARGEST_PAGE = 1000;

/** What a result belongs to: its further pages are given for the same alone. */
export interface Asked {
  readonly tenant: string;
  /** The cmdlet and its parameters, as they were sent. */
  readonly body: string;
  readonly anchor: string;
  readonly cookie: string;
}

interface Session {
  readonly objects: readonly ExchangeObject[];
  readonly offset: number;
  readonly size: number;
  readonly asked: Asked;
  /** Virtual milliseconds a link lives. */
  readonly life: number;
  /** Virtual milliseconds. */
  readonly expires: number;
}

export interface Page {
  readonly objects: readonly ExchangeObject[];
  /** For the next link; null on the last page. */
  readonly skiptoken: string | null;
}

/** Results that did not fit one page, kept until they are fetched with the same body, anchor and cookie. */
export class Paging {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  first(objects: readonly ExchangeObject[], asked: Asked, prefer: string, life: number): Page {
    const wanted = Number(/odata\.maxpagesize=(\d+)/iu.exec(prefer)?.[1] ?? LARGEST_PAGE);
    const size = Math.min(Math.max(wanted, 1), LARGEST_PAGE);
    return this.#page({ objects, offset: 0, size, asked, life, expires: 0 });
  }

  /** The next page; null when the link is unknown or too old, or came without what it belongs to. */
  next(skiptoken: string, again: Asked): Page | null {
    const session = this.#sessions.get(skiptoken);
    if (!session || session.expires < this.#now() || !isSame(session.asked, again)) return null;
    return this.#page(session);
  }

  #page(session: Session): Page {
    const end = session.offset + session.size;
    const objects = session.objects.slice(session.offset, end);
    if (end >= session.objects.length) return { objects, skiptoken: null };
    const skiptoken = crypto.randomUUID();
    this.#sessions.set(skiptoken, { ...session, offset: end, expires: this.#now() + session.life });
    return { objects, skiptoken };
  }
}

function isSame(asked: Asked, again: Asked): boolean {
  const isOfCaller = asked.tenant === again.tenant && asked.anchor === again.anchor && asked.anchor !== '';
  return isOfCaller && asked.body === again.body && again.cookie.includes(asked.cookie);
}
