import { type Clock, plusSeconds } from '../../core/clock.ts';
import {
  OpsError,
  RefusedError,
  TenantMismatchError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { cmdletCalled, cmdletRetried } from '../../telemetry/events.ts';
import type { Logger } from '../../telemetry/log.ts';
import { tokenClaims } from '../http/token-claims.ts';
import { Breaker, type Pass } from './breaker.ts';
import { cmdletTable } from './cmdlet-table.ts';
import type { CookieJar } from './cookie-jar.ts';
import { type Attempt, type CallEffect, failureOf, hasAppRole, unknownOutcome } from './failure.ts';
import { Pace } from './pace.ts';
import { Quota } from './quota.ts';
import { NoAnswer, type Reply, type Transport } from './transport.ts';

/** Where tokens come from; one that is refused is forgotten, because permissions only appear in new ones. */
export interface TokenSource {
  token(tenantId: string, scope: string, signal?: AbortSignal): Promise<string>;
  forget(tenantId: string): void;
}

/** How one service is called, for all tenants. */
export interface ServiceOptions {
  readonly scope: string;
  readonly credentials: TokenSource;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
  /** Real milliseconds to wait for an answer; null by cmdlet. */
  readonly timeout: number | null;
}

/** How one service is called for one tenant. */
export interface CallsOptions extends ServiceOptions {
  readonly tenantId: string;
  readonly service: 'exchange' | 'compliance';
  /** The mailbox that tells the service where the tenant's data is. */
  readonly anchor: (signal?: AbortSignal) => Promise<string>;
}

/** What is sent: one cmdlet, a further page of its answer, or a batch of cmdlets. */
export interface Message {
  readonly cmdlet: string;
  readonly effect: CallEffect;
  readonly endpoint: 'InvokeCommand' | '$batch';
  readonly body: Json;
  /** Objects to be put on one page. */
  readonly pageSize: number;
  /** A further page; null for the tenant's usual address. */
  readonly url: URL | null;
  readonly cookies: CookieJar;
  readonly signal: AbortSignal | undefined;
}

const MOST_ATTEMPTS = 4;
/** Seconds. A service that asks for more is left to the caller. */
const LONGEST_PAUSE = 60;
/** Real milliseconds after which nothing is tried again. */
const PATIENCE = 90_000;
/** Real milliseconds for what is not one cmdlet of the table: a batch. */
const USUAL_TIMEOUT = 60_000;

/** The calls of one tenant: each with its token and headers, and every answer without success as an error. */
export class Calls {
  readonly #options: CallsOptions;
  readonly #connectionId = crypto.randomUUID();
  readonly #pace: Pace;
  readonly #quotas = new Map<string, Quota>();
  readonly #breaker: Breaker;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock);
    this.#breaker = new Breaker(options.clock);
  }

  /** Sends a message until it is answered or patience ends. Only for messages that change nothing. */
  async retry(message: Message): Promise<Reply> {
    const { clock, log, tenantId } = this.#options;
    const started = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      this.#quotaOf(message.cmdlet)?.take(this.operation(message.cmdlet));
      try {
        return await this.once(message);
      } catch (error) {
        const mayPass = error instanceof ThrottledError || error instanceof UnavailableError;
        if (!mayPass || attempt === MOST_ATTEMPTS || performance.now() - started > PATIENCE) throw error;
        const pauseSeconds = (error instanceof ThrottledError ? error.retryAfterSeconds : null) ?? backOff(attempt);
        if (pauseSeconds > LONGEST_PAUSE) throw error;
        cmdletRetried(log, { tenant: tenantId, cmdlet: message.cmdlet, code: error.code, pauseSeconds });
        await clock.until(plusSeconds(clock.now(), pauseSeconds), message.signal);
      }
    }
  }

  /** Sends a message once; again only when its token was refused, which may be older than the permission. */
  async once(message: Message): Promise<Reply> {
    const operation = this.operation(message.cmdlet);
    await this.#pace.turn(operation, message.signal);
    const pass = this.#breaker.enter(operation);
    try {
      const reply = await this.#answered(message);
      this.#breaker.success();
      this.#pace.success();
      return reply;
    } catch (error) {
      this.#learnFrom(error, pass);
      throw error;
    }
  }

  #quotaOf(cmdlet: string): Quota | undefined {
    const known = this.#quotas.get(cmdlet);
    const allowance = cmdletTable.get(cmdlet)?.allowance;
    if (known || !allowance) return known;
    const quota = new Quota(this.#options.clock, allowance);
    this.#quotas.set(cmdlet, quota);
    return quota;
  }

  async #answered(message: Message): Promise<Reply> {
    const { credentials, tenantId, service } = this.#options;
    const first = await this.#call(message);
    if (first.reply.status === 401) credentials.forget(tenantId);
    const { reply, roles } = first.reply.status === 401 ? await this.#call(message) : first;
    if (reply.status >= 200 && reply.status < 300) return reply;
    const operation = this.operation(message.cmdlet);
    throw failureOf(reply, { operation, service, effect: message.effect, hasAppRole: hasAppRole(roles) });
  }

  /** What an error says about the tenant, beside the call that failed. */
  #learnFrom(error: unknown, pass: Pass): void {
    if (error instanceof ThrottledError) this.#pace.complaint(error.retryAfterSeconds);
    const isOutage = error instanceof UnavailableError || error instanceof UnknownOutcomeError;
    const isOurs = error instanceof RefusedError || error instanceof TenantMismatchError;
    if (isOutage) this.#breaker.failure(pass, error.message);
    else if (error instanceof OpsError && !isOurs) this.#breaker.success();
    else this.#breaker.undecided(pass);
  }

  /** For error messages. */
  operation(cmdlet: string): string {
    return `${cmdlet} in tenant ${this.#options.tenantId}`;
  }

  path(endpoint: Message['endpoint']): string {
    return `/adminapi/beta/${this.#options.tenantId}/${endpoint}`;
  }

  async headers(
    { cmdlet, pageSize }: Pick<Message, 'cmdlet' | 'pageSize'>,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, string> & { 'client-request-id': string }> {
    return {
      'x-anchormailbox': await this.#options.anchor(signal),
      // A batch has no cmdlet of its own; its requests name theirs.
      ...(cmdlet === '$batch' ? {} : { 'x-cmdletname': cmdlet }),
      'x-responseformat': 'json',
      prefer: `odata.maxpagesize=${pageSize}${cmdlet === '$batch' ? ', odata.continue-on-error' : ''}`,
      'connection-id': this.#connectionId,
      'client-request-id': crypto.randomUUID(),
    };
  }

  async #call({ cmdlet, effect, endpoint, body, pageSize, url, cookies, signal }: Message): Promise<{
    reply: Reply;
    roles: readonly string[];
  }> {
    const { credentials, tenantId, scope, transport, log } = this.#options;
    const token = await credentials.token(tenantId, scope, signal);
    const headers = await this.headers({ cmdlet, pageSize }, signal);
    const timeout = this.#options.timeout ?? ((cmdletTable.get(cmdlet)?.patience ?? 0) * 1000 || USUAL_TIMEOUT);
    const path = this.path(endpoint);
    const started = performance.now();
    try {
      const reply = await transport.send({ tenantId, token, path, url, headers, body, cookies, timeout, signal });
      cmdletCalled(log, {
        tenant: tenantId,
        cmdlet,
        status: reply.status,
        milliseconds: Math.round(performance.now() - started),
        clientRequestId: headers['client-request-id'],
        requestId: reply.headers.get('request-id'),
      });
      return { reply, roles: tokenClaims(token)?.roles ?? [] };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (effect === 'read') signal?.throwIfAborted();
      throw withoutAnswer(error, { operation: this.operation(cmdlet), effect });
    }
  }
}

function withoutAnswer(error: NoAnswer, attempt: Pick<Attempt, 'operation' | 'effect'>): Error {
  const { operation, effect } = attempt;
  if (effect !== 'read' && error.maybeSent) return unknownOutcome(attempt, error.message, error);
  return new UnavailableError(`${error.message}; nothing was done.`, {
    operation,
    next: 'Try again in some minutes. If it stays so, an operator checks the network and EXCHANGE_BASE_URL.',
    cause: error,
  });
}

/** A random time of up to 1, 2 or 4 seconds, so that many callers do not come back together. */
function backOff(attempt: number): number {
  return 2 ** (attempt - 1) * Math.random();
}
