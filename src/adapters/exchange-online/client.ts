import pLimit from 'p-limit';
import type { CmdletCall } from '../../core/change.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Answer, batchAnswers, isCutShort, parseAnswer, parseJson, type Row } from './answer.ts';
import { Calls, type CallsOptions, type Message } from './calls.ts';
import { CookieJar } from './cookie-jar.ts';
import { unknownOutcome } from './failure.ts';
import type { Reply } from './transport.ts';

const MOST_PAGES = 200;
const MOST_IN_BATCH = 10;

/** Cmdlets of one tenant: one write and two reads in flight, reads tried again, writes sent once. */
export class TenantClient {
  readonly #options: CallsOptions;
  readonly #calls: Calls;
  readonly #reads = pLimit(2);
  readonly #writes = pLimit(1);

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#calls = new Calls(options);
  }

  /** All objects a reading cmdlet gives, over all pages. */
  read(call: CmdletCall, signal?: AbortSignal): Promise<readonly Row[]> {
    return this.#reads(() => this.#allPages(call, signal));
  }

  /** Sends a writing cmdlet once. */
  write(call: CmdletCall, signal?: AbortSignal): Promise<Answer> {
    return this.#writes(async () => {
      const reply = await this.#calls.once(messageFor(call, 'write', signal));
      const answer = reply.status === 204 ? parseAnswer({}) : parseAnswer(parseJson(reply.text));
      if (answer) return answer;
      throw unknownOutcome(this.#calls.operation(call.cmdlet), 'Exchange Online gave an answer we do not understand');
    });
  }

  /** Several reads in rounds of at most ten; null where a read must be asked for alone. */
  async batch(calls: readonly CmdletCall[], signal?: AbortSignal): Promise<readonly (readonly Row[] | null)[]> {
    const starts = Array.from({ length: Math.ceil(calls.length / MOST_IN_BATCH) }, (_, round) => round * MOST_IN_BATCH);
    const rounds = starts.map((start) => calls.slice(start, start + MOST_IN_BATCH));
    const answers = await Promise.all(rounds.map((round) => this.#reads(() => this.#round(round, signal))));
    return answers.flat();
  }

  async #allPages(call: CmdletCall, signal: AbortSignal | undefined): Promise<readonly Row[]> {
    const message = messageFor(call, 'read', signal);
    const rows: Row[] = [];
    let url: URL | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const reply: Reply = await this.#calls.retry({ ...message, url });
      const answer = parseAnswer(parseJson(reply.text));
      if (!answer) throw this.#unusable(call, 'is not understood');
      if (isCutShort(answer)) throw this.#unusable(call, 'is not complete');
      rows.push(...answer.rows);
      if (answer.nextLink === null) return rows;
      url = this.#options.transport.hosts.follow(answer.nextLink, reply.url);
    }
    throw this.#unusable(call, `has more than ${MOST_PAGES} pages`);
  }

  async #round(calls: readonly CmdletCall[], signal: AbortSignal | undefined): Promise<(readonly Row[] | null)[]> {
    const { transport, tenantId } = this.#options;
    const url = transport.hosts.address(tenantId, this.#calls.path('InvokeCommand')).href;
    const requests = calls.map((call, index) => ({
      id: String(index),
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json; charset=utf-8', ...this.#calls.headers(call.cmdlet) },
      body: bodyOf(call),
    }));
    const batch: CmdletCall = { cmdlet: '$batch', parameters: {} };
    const message = { ...messageFor(batch, 'read', signal), endpoint: '$batch' as const, body: { requests } };
    const reply = await this.#calls.retry(message);
    const answers = batchAnswers(parseJson(reply.text));
    return calls.map((_, index) => answers.get(String(index)) ?? null);
  }

  #unusable({ cmdlet }: CmdletCall, why: string): UnavailableError {
    return new UnavailableError(`The answer of Exchange Online to ${cmdlet} ${why}.`, {
      operation: this.#calls.operation(cmdlet),
      next: 'Try again; if it stays so, an operator looks into the log.',
    });
  }
}

function messageFor(call: CmdletCall, effect: Message['effect'], signal: AbortSignal | undefined): Message {
  return {
    cmdlet: call.cmdlet,
    effect,
    endpoint: 'InvokeCommand',
    body: bodyOf(call),
    url: null,
    cookies: new CookieJar(),
    signal,
  };
}

function bodyOf({ cmdlet, parameters }: CmdletCall): JsonObject {
  return { CmdletInput: { CmdletName: cmdlet, Parameters: parameters } };
}
