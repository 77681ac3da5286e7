import { RefusedError, TenantMismatchError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { tenantMismatch } from '../../telemetry/events.ts';
import type { Logger } from '../../telemetry/log.ts';
import { tokenClaims } from '../http/token-claims.ts';
import type { CookieJar } from './cookie-jar.ts';
import { Hosts } from './hosts.ts';

/** One answer over HTTP, its body read. The text is '' when an error's body could not be read. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly url: URL;
}

/** One call over HTTP. `url` is null for a path on the tenant's host, and given for a further page. */
export interface Sending {
  readonly tenantId: string;
  readonly token: string;
  readonly path: string;
  readonly url: URL | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly cookies: CookieJar;
  /** Real milliseconds to wait for the answer. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** No answer came. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** Whether the call may have reached the service. */
  readonly maybeSent: boolean;

  constructor(message: string, maybeSent: boolean, cause: unknown) {
    super(message, { cause });
    this.maybeSent = maybeSent;
  }
}

const LARGEST_BODY = 32 * 1024 * 1024;
const MOST_REDIRECTS = 3;
const redirectStatus = [301, 302, 303, 307, 308];
const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|.*SELF_SIGNED.*|UNABLE_TO_.*)$/u;

/** Brings calls to Exchange Online. Here, and only here, token, address and job are compared. */
export class Transport {
  readonly hosts: Hosts;
  readonly #log: Logger;

  constructor(baseUrl: string, log: Logger) {
    this.hosts = new Hosts(baseUrl);
    this.#log = log;
  }

  /** Throws {@link NoAnswer} when there is none, and TenantMismatchError before anything is sent. */
  async send(sending: Sending): Promise<Reply> {
    let url = sending.url ?? this.hosts.address(sending.tenantId, sending.path);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      this.#insistOnOneTenant(sending, url);
      const reply = await this.#post(url, sending).catch((error: unknown) => {
        this.hosts.forget(sending.tenantId);
        throw error;
      });
      const location = reply.headers.get('location');
      if (!redirectStatus.includes(reply.status) || location === null) return reply;
      // Only the host is taken over: the path stays the one that was checked.
      const target = this.hosts.follow(location, url);
      url = new URL(`${url.pathname}${url.search}`, target.origin);
      this.hosts.remember(sending.tenantId, target);
    }
    throw new RefusedError('Exchange Online sends us round in circles.', {
      operation: `call Exchange Online for tenant ${sending.tenantId}`,
      next: 'Nothing was done. An operator checks EXCHANGE_BASE_URL.',
    });
  }

  #insistOnOneTenant({ tenantId, token }: Sending, url: URL): void {
    const inUrl = /^\/adminapi\/[\w.]+\/([^/]+)\//iu.exec(url.pathname)?.[1]?.toLowerCase() ?? 'no tenant';
    const inToken = tokenClaims(token)?.tenantId ?? 'no tenant';
    if (inUrl === tenantId && inToken === tenantId) return;
    const where = inUrl === tenantId ? 'token' : 'address';
    const found = inUrl === tenantId ? inToken : inUrl;
    tenantMismatch(this.#log, { expected: tenantId, found, where });
    throw new TenantMismatchError(`A call for tenant ${tenantId} would have gone out with the ${where} of ${found}.`, {
      operation: `call Exchange Online for tenant ${tenantId}`,
      next: 'Nothing was sent. An operator must find out why: this is a defect or an attack.',
    });
  }

  async #post(url: URL, { token, headers, body, cookies, timeout, signal }: Sending): Promise<Reply> {
    const late = AbortSignal.timeout(timeout);
    signal?.throwIfAborted();
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          ...headers,
          ...cookies.header(url.host),
          authorization: `Bearer ${token}`,
          'content-type': 'application/json; charset=utf-8',
          accept: 'application/json',
        },
        body: JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      cookies.store(url.host, response.headers);
      return { status: response.status, headers: response.headers, text: await bodyOf(response), url };
    } catch (error) {
      throw noAnswer(error);
    }
  }
}

/** The body as text. A body that belongs to an error may be broken: its status says enough. */
async function bodyOf(response: Response): Promise<string> {
  try {
    const decoder = new TextDecoder();
    let text = '';
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > LARGEST_BODY) throw new RangeError('The answer is too large.');
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (response.ok) throw error;
    return '';
  }
}

function noAnswer(error: unknown): NoAnswer {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const name = error instanceof Error ? error.name : '';
  const what = code || (name === 'TimeoutError' || name === 'AbortError' ? 'no answer in time' : 'connection lost');
  return new NoAnswer(`Exchange Online did not answer (${what})`, !neverSent.test(code), error);
}
