import { Client, type Context, type Middleware } from '@microsoft/microsoft-graph-client';
import { type Clock, plusSeconds } from '../../core/clock.ts';
import {
  type OpsError,
  RefusedError,
  TenantMismatchError,
  ThrottledError,
  UnavailableError,
} from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { tenantMismatch } from '../../telemetry/events.ts';
import type { Logger } from '../../telemetry/log.ts';
import { tokenClaims } from '../http/token-claims.ts';
import { Page } from './graph-answers.ts';
import { type GraphAttempt, type GraphReply, graphFailure } from './graph-failure.ts';

/** Where tokens come from. */
export interface TokenSource {
  token(tenantId: string, scope: string, signal?: AbortSignal): Promise<string>;
  forget(tenantId: string): void;
}

export interface GraphOptions {
  readonly baseUrl: string;
  readonly scope: string;
  readonly credentials: TokenSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** Real milliseconds to wait for an answer; 20 seconds when left out. */
  readonly timeout?: number;
}

export type Query = Readonly<Record<string, string>>;

/** One call: what for, with which permission, on which path below the version. */
export interface GraphCall {
  readonly title: string;
  readonly permission: string;
  /** What else a tenant must have for it, in the words of an administrator's task. */
  readonly alsoNeeds?: string;
  readonly path: string;
  readonly query?: Query;
  readonly signal?: AbortSignal | undefined;
}

const VERSION = 'v1.0';
const TIMEOUT = 20_000;
const MOST_ATTEMPTS = 3;
/** Seconds. A service that asks for more is left to the caller. */
const LONGEST_PAUSE = 10;
const MOST_PAGES = 50;

/** What became of one call. */
type Sent =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly failure: OpsError;
      /** Whether the token was refused or lacks the permission, so that nothing ran and a new one may have it. */
      readonly isForToken: boolean;
    };

/** The calls of one tenant. The library's own retry, which waits up to half a minute unseen, is not in the chain. */
export class GraphCalls {
  readonly #options: GraphOptions;
  readonly #tenantId: string;
  readonly #origin: string;

  constructor(tenantId: string, options: GraphOptions) {
    this.#options = options;
    this.#tenantId = tenantId;
    this.#origin = new URL(options.baseUrl).origin;
  }

  /** Permissions of Microsoft Graph that our tokens carry. */
  async permissions(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const token = await this.#options.credentials.token(this.#tenantId, this.#options.scope, signal);
    return (tokenClaims(token)?.roles ?? []).toSorted();
  }

  /** Everything in a collection, over all pages. */
  async list(call: GraphCall): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    let path = call.path;
    let query = call.query ?? {};
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = Page.safeParse(await this.#read({ ...call, path, query })).data;
      if (!answer) throw this.#unusable(call, 'is not understood');
      found.push(...answer.value);
      const next = answer['@odata.nextLink'];
      if (!next) return found;
      path = this.#pathOf(next);
      query = {};
    }
    throw this.#unusable(call, `has more than ${MOST_PAGES} pages`);
  }

  /** One thing. */
  async get(call: GraphCall): Promise<unknown> {
    return this.#read(call);
  }

  async post(call: GraphCall, body: JsonObject): Promise<unknown> {
    return this.#send(call, 'write', (client) => client.api(call.path).post(body));
  }

  async delete(call: GraphCall): Promise<void> {
    await this.#send(call, 'write', (client) => client.api(call.path).delete());
  }

  async #read(call: GraphCall): Promise<unknown> {
    const { clock } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send(call, 'read', (client) =>
          client
            .api(call.path)
            .query(encoded(call.query ?? {}))
            .get(),
        );
      } catch (error) {
        const mayPass = error instanceof ThrottledError || error instanceof UnavailableError;
        if (!mayPass || attempt === MOST_ATTEMPTS) throw error;
        const pause = (error instanceof ThrottledError ? error.retryAfterSeconds : null) ?? attempt * Math.random();
        if (pause > LONGEST_PAUSE) throw error;
        await clock.until(plusSeconds(clock.now(), pause), call.signal);
      }
    }
  }

  /** Sends a call once; again only when it was its token that was refused, which may be older than the permission. */
  async #send(
    call: GraphCall,
    effect: GraphAttempt['effect'],
    run: (client: Client) => Promise<unknown>,
  ): Promise<unknown> {
    const first = await this.#sendOnce(call, effect, run);
    const sent = !first.ok && first.isForToken ? await this.#sendOnce(call, effect, run) : first;
    if (sent.ok) return sent.value;
    throw sent.failure;
  }

  async #sendOnce(
    call: GraphCall,
    effect: GraphAttempt['effect'],
    run: (client: Client) => Promise<unknown>,
  ): Promise<Sent> {
    const { credentials, scope } = this.#options;
    const token = await credentials.token(this.#tenantId, scope, call.signal);
    this.#insistOnOneTenant(token, call);
    const sender = new Sender(token, this.#origin, this.#options.timeout ?? TIMEOUT, call.signal);
    const client = Client.initWithMiddleware({
      middleware: sender,
      baseUrl: this.#options.baseUrl,
      defaultVersion: VERSION,
    });
    try {
      return { ok: true, value: await run(client) };
    } catch (error) {
      if (effect === 'read') call.signal?.throwIfAborted();
      const hasPermission = tokenClaims(token)?.roles.includes(call.permission) ?? false;
      const attempt = { ...call, operation: this.#operation(call), effect, hasPermission };
      const failure = graphFailure(error, sender.reply, attempt);
      // Permissions only appear in new tokens.
      if (failure.code === 'tenant-access') credentials.forget(this.#tenantId);
      const status = sender.reply?.status;
      return { ok: false, failure, isForToken: status === 401 || (status === 403 && !hasPermission) };
    }
  }

  #insistOnOneTenant(token: string, call: GraphCall): void {
    const found = tokenClaims(token)?.tenantId ?? 'no tenant';
    if (found === this.#tenantId) return;
    tenantMismatch(this.#options.log, { expected: this.#tenantId, found, where: 'token' });
    throw new TenantMismatchError(`A call for tenant ${this.#tenantId} would have gone out with a token of ${found}.`, {
      operation: this.#operation(call),
      next: 'Nothing was sent. An operator must find out why: this is a defect or an attack.',
    });
  }

  /** The part of a link to a further page that comes after the version. */
  #pathOf(link: string): string {
    const url = URL.parse(link);
    const start = `/${VERSION}/`;
    if (url?.origin === this.#origin && url.pathname.startsWith(start)) {
      return `${url.pathname.slice(start.length)}${url.search}`;
    }
    throw new RefusedError(`Microsoft Graph pointed us to ${url?.host ?? 'no address'}, which is not its own.`, {
      operation: `follow a page in tenant ${this.#tenantId}`,
      next: 'Nothing was sent there. An operator must find out why this happens.',
    });
  }

  #operation({ title }: GraphCall): string {
    return `${title} in tenant ${this.#tenantId}`;
  }

  #unusable(call: GraphCall, why: string): UnavailableError {
    return new UnavailableError(`The answer of Microsoft Graph ${why}.`, {
      operation: this.#operation(call),
      next: 'Try again; if it stays so, developers look into it.',
    });
  }
}

/** The library puts values into the address as they are. */
function encoded(query: Query): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, encodeURIComponent(value)]));
}

/** Sends one call, to one place, without following anything, and notes what was answered. */
class Sender implements Middleware {
  reply: GraphReply | null = null;
  readonly #token: string;
  readonly #origin: string;
  readonly #timeout: number;
  readonly #signal: AbortSignal | undefined;

  constructor(token: string, origin: string, timeout: number, signal: AbortSignal | undefined) {
    this.#token = token;
    this.#origin = origin;
    this.#timeout = timeout;
    this.#signal = signal;
  }

  async execute(context: Context): Promise<void> {
    const url = typeof context.request === 'string' ? context.request : context.request.url;
    if (new URL(url).origin !== this.#origin) throw new Error('a call to another place than Microsoft Graph');
    const late = AbortSignal.timeout(this.#timeout);
    const headers = new Headers(headersIn(context.options?.headers));
    headers.set('authorization', `Bearer ${this.#token}`);
    const response = await fetch(url, {
      ...(context.options?.method ? { method: context.options.method } : {}),
      ...(typeof context.options?.body === 'string' ? { body: context.options.body } : {}),
      headers,
      redirect: 'error',
      signal: this.#signal ? AbortSignal.any([this.#signal, late]) : late,
    });
    this.reply = { status: response.status, retryAfter: response.headers.get('retry-after') };
    context.response = response;
  }
}

function headersIn(given: unknown): Record<string, string> {
  const entries = Object.entries(typeof given === 'object' && given !== null ? given : {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
