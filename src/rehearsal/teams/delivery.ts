import { setTimeout as wait } from 'node:timers/promises';
import type { RehearsalIdentity } from '../entra/rehearsal-identity.ts';
import type { Journal } from '../journal.ts';
import type { Activity } from './activities.ts';
import type { ChannelSettings } from './channel-settings.ts';

/** What came back for an activity; `status` null means that the bot never answered. */
export interface Answer {
  readonly activityId: string;
  readonly status: number | null;
  readonly body: unknown;
  readonly attempts: number;
  readonly error?: string;
}

/** Deliveries on request: how often, with which ids, and with forged token claims. */
export interface DeliverOptions {
  readonly times?: number;
  readonly newId?: boolean;
  readonly concurrent?: boolean;
  /** Replaces claims of the token. */
  readonly claims?: Record<string, unknown>;
}

interface Attempt {
  readonly status: number | null;
  readonly body: unknown;
  readonly error?: string;
  /** Nothing listened: Teams reports this at once instead of trying again. */
  readonly unreachable?: boolean;
}

const TOKEN_LIFE_MS = 300_000;

/** Delivers activities to the bot as the channel does: signed, with a deadline, again when it is missed. */
export class Delivery {
  readonly #identity: RehearsalIdentity;
  readonly #journal: Journal;
  readonly #settings: ChannelSettings;
  readonly #nextId: () => string;
  readonly #target: { readonly botEndpoint: string; readonly serviceUrl: string };
  readonly #signal: AbortSignal;
  #token: { text: string; until: number } | null = null;

  constructor(
    world: { identity: RehearsalIdentity; journal: Journal },
    settings: ChannelSettings,
    options: { botEndpoint: string; serviceUrl: string; nextId: () => string; signal: AbortSignal },
  ) {
    this.#identity = world.identity;
    this.#journal = world.journal;
    this.#settings = settings;
    this.#nextId = options.nextId;
    this.#target = options;
    this.#signal = options.signal;
  }

  get serviceUrl(): string {
    return this.#target.serviceUrl;
  }

  /** Delivers `times` over; the first answer counts. */
  async deliver(activity: Activity, options: DeliverOptions = {}): Promise<Answer & { deliveries: Answer[] }> {
    const duplicate = this.#settings.takeDuplicate();
    const times = Math.max(1, options.times ?? (duplicate ? 2 : 1));
    const newId = options.newId ?? duplicate?.newId ?? false;
    const copies = Array.from({ length: times }, (_, index) =>
      index > 0 && newId ? { ...activity, id: this.#nextId() } : activity,
    );
    const one = (copy: Activity): Promise<Answer> => this.#deliverOnce(copy, options.claims);
    const deliveries = options.concurrent ? await Promise.all(copies.map(one)) : await inTurn(copies, one);
    const [first] = deliveries;
    return { activityId: activity.id, status: null, body: null, attempts: 0, ...first, deliveries };
  }

  /** Tries once and does not redeliver. */
  async tryOnce(activity: Activity): Promise<Answer> {
    return { activityId: activity.id, attempts: 1, ...(await this.#post(activity)) };
  }

  async #deliverOnce(activity: Activity, claims?: Record<string, unknown>): Promise<Answer> {
    const { delayMs, redeliver, newIdAfterMs } = this.#settings.inbound;
    if (delayMs > 0) await wait(delayMs);
    const attempt = await this.#post(activity, claims);
    const first = { activityId: activity.id, attempts: 1, ...attempt };
    if (first.status !== null || attempt.unreachable || !redeliver) return first;
    const second = { activityId: activity.id, attempts: 2, ...(await this.#post(activity, claims)) };
    if (second.status !== null) return second;
    await wait(newIdAfterMs, undefined, { signal: this.#signal });
    const copy = { ...activity, id: this.#nextId(), timestamp: new Date(Number(this.#nextId())).toISOString() };
    return { activityId: activity.id, attempts: 3, ...(await this.#post(copy, claims)) };
  }

  async #post(activity: Activity, claims?: Record<string, unknown>): Promise<Attempt> {
    const started = performance.now();
    const attempt = await this.#request(activity, claims);
    if (attempt.unreachable) return attempt;
    this.#journal.add({
      where: 'teams',
      direction: 'to-bot',
      operation: String(activity['type']),
      activityId: activity.id,
      outcome: attempt.error ?? 'ok',
      durationMs: Math.round(performance.now() - started),
      ...(attempt.status === null ? {} : { status: attempt.status }),
    });
    return attempt;
  }

  async #request(activity: Activity, claims?: Record<string, unknown>): Promise<Attempt> {
    const { answerWithinMs } = this.#settings.inbound;
    const deadline = AbortSignal.timeout(Math.max(1, answerWithinMs));
    try {
      const response = await fetch(this.#target.botEndpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          authorization: `Bearer ${await this.#bearer(claims)}`,
          'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
        },
        body: JSON.stringify(activity),
        signal: AbortSignal.any([deadline, this.#signal]),
      });
      return { status: response.status, body: parsed(await response.text()) };
    } catch (error) {
      if (deadline.aborted) return failed(`The bot did not answer within ${answerWithinMs} ms.`);
      const refused = codeOf(error) === 'ECONNREFUSED';
      const text = refused ? 'Nothing listens at' : 'The connection broke at';
      return failed(`${text} ${this.#target.botEndpoint}. Is the bot running?`, refused);
    }
  }

  async #bearer(claims?: Record<string, unknown>): Promise<string> {
    const { serviceUrl } = this.#target;
    if (claims) return this.#identity.signBotToken({ serviceUrl, overrides: claims });
    if (!this.#token || this.#token.until < Date.now()) {
      const text = await this.#identity.signBotToken({ serviceUrl });
      this.#token = { text, until: Date.now() + TOKEN_LIFE_MS };
    }
    return this.#token.text;
  }
}

async function inTurn<Item, Result>(items: readonly Item[], run: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await run(item));
  return results;
}

function failed(error: string, unreachable = false): Attempt {
  return { status: null, body: null, error, unreachable };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

function codeOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause ? cause.code : null;
}
