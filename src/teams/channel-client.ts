import { z } from 'zod/v4';
import { RefusedError } from '../core/errors.ts';
import type { BotToken } from './bot-token.ts';
import { ChannelRefusal } from './channel-refusal.ts';
import { errorOfAnswer, errorOfFailure, type Sending, unreachable } from './send-error.ts';

const TIMEOUT_MS = 10_000;

const idSchema = z.object({ id: z.string().min(1) });
const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string().catch('') }) });

interface Call extends Sending {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly serviceUrl: string;
  readonly path: string;
  /** Left out for a GET. */
  readonly body?: unknown;
}

/** The four calls of the channel's REST service that we make, each sent once, never to a host off the list. */
export class ChannelClient {
  readonly #token: BotToken;
  readonly #hosts: ReadonlySet<string>;

  /** `hosts` are written `host` or `host:port`, lower case. */
  constructor(token: BotToken, hosts: readonly string[]) {
    this.#token = token;
    this.#hosts = new Set(hosts);
  }

  allows(serviceUrl: string): boolean {
    const url = URL.parse(serviceUrl);
    return url?.protocol === 'https:' && url.username === '' && this.#hosts.has(url.host);
  }

  /** Posts an activity; returns its id. */
  async post(serviceUrl: string, conversation: string, activity: object): Promise<string> {
    const path = `v3/conversations/${encodeURIComponent(conversation)}/activities`;
    const answer = await this.#call({
      operation: 'Post a message',
      repeatable: false,
      method: 'POST',
      serviceUrl,
      path,
      body: activity,
    });
    return idOf(answer, 'Post a message');
  }

  async update(serviceUrl: string, conversation: string, messageId: string, activity: object): Promise<void> {
    const path = `v3/conversations/${encodeURIComponent(conversation)}/activities/${encodeURIComponent(messageId)}`;
    await this.#call({
      operation: 'Edit a message',
      repeatable: true,
      method: 'PUT',
      serviceUrl,
      path,
      body: activity,
    });
  }

  /** Opens the personal chat with a person; asking again gives the same chat. Returns its id. */
  async openPersonalChat(serviceUrl: string, parameters: object): Promise<string> {
    const operation = 'Open a personal chat';
    const path = 'v3/conversations';
    const answer = await this.#call({
      operation,
      repeatable: true,
      method: 'POST',
      serviceUrl,
      path,
      body: parameters,
    });
    return idOf(answer, operation);
  }

  /** What the channel knows about somebody in a conversation. */
  async member(serviceUrl: string, conversation: string, memberId: string): Promise<unknown> {
    const path = `v3/conversations/${encodeURIComponent(conversation)}/members/${encodeURIComponent(memberId)}`;
    return this.#call({ operation: 'Look up a member', repeatable: true, method: 'GET', serviceUrl, path });
  }

  async #call(call: Call): Promise<unknown> {
    if (!this.allows(call.serviceUrl)) throw foreignHost(call);
    const token = await this.#token.get().catch((error: unknown) => {
      throw unreachable(error, call);
    });
    const response = await this.#send(call, token).catch((error: unknown) => {
      throw errorOfFailure(error, call);
    });
    if (response.ok) return response.body;
    if (response.status === 401) this.#token.forget();
    throw errorOfAnswer(refusalOf(response), response.retryAfter, call);
  }

  async #send({ serviceUrl, path, method, body }: Call, token: string) {
    const response = await fetch(new URL(path, serviceUrl.endsWith('/') ? serviceUrl : `${serviceUrl}/`), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const { ok, status } = response;
    return { ok, status, retryAfter: secondsOf(response.headers), body: parsed(text), text };
  }
}

/** What tells most may be wrapped into the text of a message: `"subCode": "MessageWritesBlocked"`. */
function refusalOf({ status, body, text }: { status: number; body: unknown; text: string }): ChannelRefusal {
  const { data } = refusalSchema.safeParse(body);
  const [, subCode] = /subCode\\*"\s*:\s*\\*"(\w+)/u.exec(text) ?? [];
  return new ChannelRefusal(status, subCode ?? data?.error.code ?? '', data?.error.message ?? '');
}

function secondsOf(headers: Headers): number | null {
  const value = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The service gives no id back when it split a message in two; such a message cannot be edited later. */
function idOf(answer: unknown, operation: string): string {
  const { data } = idSchema.safeParse(answer);
  if (data) return data.id;
  const sending = { operation, repeatable: false };
  throw errorOfFailure(new Error('The answer of Teams holds no id.'), sending);
}

function foreignHost({ operation, serviceUrl }: Call): RefusedError {
  return new RefusedError(`The service address ${serviceUrl} is not on the list of Teams hosts.`, {
    operation,
    next: 'An operator checks BOT_SERVICE_HOSTS, and why this address was stored.',
  });
}
