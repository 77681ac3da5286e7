import pLimit from 'p-limit';
import type { CmdletCall } from '../../core/change.ts';
import { RejectedError, UnavailableError, type UnknownOutcomeError } from '../../core/errors.ts';
import { type Answer, answerOf, batchAnswers, isCutShort, parseJson, type Row } from './answer.ts';
import { Calls, type CallsOptions, type Message } from './calls.ts';
import { cmdletTable } from './cmdlet-table.ts';
import { CookieJar } from './cookie-jar.ts';
import { bodyOf } from './encode.ts';
import { unknownOutcome } from './failure.ts';
import type { Reply } from './transport.ts';

const MOST_PAGES = 200;
const USUAL_PAGE = 1000;
const MOST_IN_BATCH = 10;
/** Real milliseconds. Exchange ends whatever takes longer, so nobody needs to wait for it. */
const LONGEST_READ = 15 * 60_000;
/** Links to further pages live for minutes only. */
const expiredLink = /pagination|skip ?token/iu;

/** The first page of an answer that has more. */
interface FirstPage {
  readonly rows: readonly Row[];
  readonly next: URL;
  readonly cookies: CookieJar;
}

/** Cmdlets of one tenant: one write and two reads in flight, reads tried again, writes and test mails sent once. */
export class TenantClient {
  readonly #options: CallsOptions;
  readonly #calls: Calls;
  readonly #reads = pLimit(2);
  readonly #writes = pLimit(1);
  /** What was written is seen first by the server that wrote it, so the next call goes there. */
  #affinity = new CookieJar();

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#calls = new Calls(options);
  }

  /** All objects a reading cmdlet gives, over all pages. One that does something beside is sent once. */
  read(call: CmdletCall, signal?: AbortSignal): Promise<readonly Row[]> {
    const isRepeatable = cmdletTable.get(call.cmdlet)?.isRepeatable === true;
    return this.#reads(() => (isRepeatable ? this.#allPages(call, signal, null) : this.#askedOnce(call, signal)));
  }

  /** Sends a writing cmdlet once. */
  write(call: CmdletCall, signal?: AbortSignal, beforeSending?: () => Promise<void>): Promise<Answer> {
    return this.#writes(async () => {
      const message = this.#messageFor(call, 'write', signal);
      await beforeSending?.();
      const reply = await this.#calls.once(message);
      this.#affinity = message.cookies;
      const answer = answerOf(reply, 'write');
      if (answer) return answer;
      throw this.#doubtful(call, 'write');
    });
  }

  /** Several reads in rounds of at most ten; null where a read must be asked for alone. */
  async batch(calls: readonly CmdletCall[], signal?: AbortSignal): Promise<readonly (readonly Row[] | null)[]> {
    const starts = Array.from({ length: Math.ceil(calls.length / MOST_IN_BATCH) }, (_, round) => round * MOST_IN_BATCH);
    const rounds = starts.map((start) => calls.slice(start, start + MOST_IN_BATCH));
    const answers = await Promise.all(rounds.map((round) => this.#reads(() => this.#round(round, signal))));
    return answers.flat();
  }

  async #askedOnce(call: CmdletCall, signal: AbortSignal | undefined): Promise<readonly Row[]> {
    const reply = await this.#calls.once(this.#messageFor(call, 'mail', signal));
    const answer = answerOf(reply, 'read');
    if (answer?.nextLink === null && !isCutShort(answer)) return answer.rows;
    throw this.#doubtful(call, 'mail');
  }

  async #allPages(call: CmdletCall, signal: AbortSignal | undefined, first: FirstPage | null): Promise<readonly Row[]> {
    try {
      return await this.#pages(call, signal, first);
    } catch (error) {
      if (!(error instanceof RejectedError && expiredLink.test(error.message))) throw error;
      return this.#pages(call, signal, null);
    }
  }

  async #pages(call: CmdletCall, signal: AbortSignal | undefined, first: FirstPage | null): Promise<readonly Row[]> {
    const until = performance.now() + LONGEST_READ;
    const usual = this.#messageFor(call, 'read', signal);
    const message = first ? { ...usual, cookies: first.cookies } : usual;
    const rows: Row[] = [...(first?.rows ?? [])];
    let url = first?.next ?? null;
    for (let page = 0; page < MOST_PAGES && performance.now() < until; page += 1) {
      const reply: Reply = await this.#calls.retry({ ...message, url });
      const answer = answerOf(reply, 'read');
      if (!answer) throw this.#unusable(call, 'is not understood');
      if (isCutShort(answer) && !isLimited(call)) throw this.#unusable(call, 'is not complete');
      rows.push(...answer.rows);
      if (answer.nextLink === null) return rows;
      url = this.#options.transport.hosts.follow(answer.nextLink, reply.url);
    }
    throw this.#unusable(call, `has more than ${MOST_PAGES} pages, or takes more than 15 minutes`);
  }

  async #round(calls: readonly CmdletCall[], signal: AbortSignal | undefined): Promise<(readonly Row[] | null)[]> {
    const { transport, tenantId } = this.#options;
    const url = transport.hosts.address(tenantId, this.#calls.path('InvokeCommand')).href;
    const requests = await Promise.all(
      calls.map(async (call, index) => ({
        id: String(index),
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(await this.#calls.headers({ cmdlet: call.cmdlet, pageSize: pageSizeOf(call) }, signal)),
        },
        body: bodyOf(call),
      })),
    );
    const batch: CmdletCall = { cmdlet: '$batch', parameters: {} };
    const usual = this.#messageFor(batch, 'read', signal);
    const reply = await this.#calls.retry({ ...usual, endpoint: '$batch', body: { requests } });
    const answers = batchAnswers(parseJson(reply.text));
    return Promise.all(
      calls.map(async (call, index) => {
        const answer = answers.get(String(index));
        if (!answer) return null;
        if (answer.nextLink === null) return answer.rows;
        const next = transport.hosts.follow(answer.nextLink, reply.url);
        return this.#allPages(call, signal, { rows: answer.rows, next, cookies: usual.cookies });
      }),
    );
  }

  #messageFor(call: CmdletCall, effect: Message['effect'], signal: AbortSignal | undefined): Message {
    return {
      cmdlet: call.cmdlet,
      effect,
      endpoint: 'InvokeCommand',
      body: bodyOf(call),
      pageSize: pageSizeOf(call),
      url: null,
      cookies: this.#affinity.copy(),
      signal,
    };
  }

  #doubtful({ cmdlet }: CmdletCall, effect: Message['effect']): UnknownOutcomeError {
    const attempt = { operation: this.#calls.operation(cmdlet), effect };
    return unknownOutcome(attempt, 'Exchange Online gave an answer we do not understand');
  }

  #unusable({ cmdlet }: CmdletCall, why: string): UnavailableError {
    return new UnavailableError(`The answer of Exchange Online to ${cmdlet} ${why}.`, {
      operation: this.#calls.operation(cmdlet),
      next: 'Try again; if it stays so, an operator looks into the log.',
    });
  }
}

/** Whoever asks for so many objects and no more pages on by other means, and is always told that there are more. */
function isLimited({ parameters }: CmdletCall): boolean {
  return typeof parameters['ResultSize'] === 'number';
}

/** A limited answer comes on one page: links to further ones do not always work. */
function pageSizeOf({ parameters }: CmdletCall): number {
  return Math.max(USUAL_PAGE, Number(parameters['ResultSize']) || 0);
}
