import { CloudAdapter, INVOKE_RESPONSE_KEY, type InvokeResponse } from 'botbuilder';
import type { AuthenticateRequestResult } from 'botframework-connector';
import type { Activity } from 'botframework-schema';
import type { Dispatcher } from '../commands/turn.ts';
import type { Card } from '../core/card.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import { authRejected } from '../telemetry/events.ts';
import { parseActivity, type TeamsActivity } from './activity.ts';
import { createApplication } from './application.ts';
import { Recent } from './recent.ts';
import { Replies } from './replies.ts';
import { Roster } from './roster.ts';
import { KeysUnavailableError } from './signing-keys.ts';
import type { TeamsChannel } from './teams-channel.ts';
import { createTokenFilter } from './token-filter.ts';

const REDELIVERED_WITHIN_MS = 10 * 60_000;
const REJECTION_LOGGED_EVERY_MS = 10_000;

export interface TeamsHostOptions {
  readonly channel: TeamsChannel;
  readonly dispatcher: Dispatcher;
  readonly roles: Pick<RoleSource, 'actor'>;
  /** Whether the channel is asked who is a guest; default: no, the source of roles knows. */
  readonly asksWhoIsGuest?: boolean;
  /** Shown once where the app is installed. */
  readonly welcome: () => Card;
}

/** A call of `POST /api/messages`, before its body. */
export interface Call {
  readonly authorization: string | undefined;
  /** Network address of the caller, for the log. */
  readonly peer: string;
  /** Stands in the answer and in the log, so that one finds the other. */
  readonly correlationId: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body?: unknown;
}

const UNAUTHORIZED: HttpAnswer = { status: 401 };
const FAILED: HttpAnswer = { status: 500 };

/** Takes calls of the channel: checks who sent them, lets each activity act once, and answers. */
export class TeamsHost {
  readonly #options: TeamsHostOptions;
  readonly #cloudAdapter: CloudAdapter;
  readonly #application: ReturnType<typeof createApplication>;
  readonly #replies: Replies;
  readonly #filter: ReturnType<typeof createTokenFilter>;
  readonly #answers = new Recent<Promise<HttpAnswer>>({ limit: 2000, keepMs: REDELIVERED_WITHIN_MS });
  readonly #logged = new Recent<true>({ limit: 100, keepMs: REJECTION_LOGGED_EVERY_MS });

  constructor(options: TeamsHostOptions) {
    const { channel, dispatcher, roles, welcome } = options;
    const { appId, homeTenantId, tokenIssuer, log } = channel.options;
    this.#options = options;
    this.#filter = createTokenFilter({ issuer: tokenIssuer, appId });
    this.#replies = new Replies({ notifier: channel.notifier, dispatcher, log });
    const { conversations, renderer } = channel;
    const replies = this.#replies;
    this.#application = createApplication({
      homeTenantId,
      dispatcher,
      roles,
      roster: options.asksWhoIsGuest ? new Roster(channel.client, homeTenantId) : null,
      welcome,
      conversations,
      renderer,
      replies,
      log,
    });
    this.#cloudAdapter = new CloudAdapter(channel.authentication);
    // Errors of a turn end it; the answer is made where it began.
    this.#cloudAdapter.onTurnError = async (_context, error) => {
      throw error;
    };
  }

  /** Whether the signing keys are there, without which every call is refused. */
  get ready(): boolean {
    return this.#options.channel.keys.ready;
  }

  /** Whether the caller shows a token that may be the channel's. Cheap, so that it can be asked before the body. */
  admits(call: Call): boolean {
    const screened = this.#filter(call.authorization);
    if (!screened.ok) this.#reject(screened.why, call);
    return screened.ok;
  }

  /** Handles the body of a call. Throws nothing. */
  async receive(call: Call, body: Readonly<Record<string, unknown>>): Promise<HttpAnswer> {
    if (!this.admits(call)) return UNAUTHORIZED;
    const { channelId, serviceUrl } = body;
    const ours = channelId === 'msteams' && typeof serviceUrl === 'string';
    if (!ours || !this.#options.channel.client.allows(serviceUrl)) return this.#reject('channel or service', call);
    const activity = parseActivity(body);
    if (!activity) return { status: 400 };
    // Replies go out as messages, whatever the caller asks for.
    const { deliveryMode: _, ...plain } = body;
    const authenticated = await this.#authenticate(call, plain as unknown as Activity);
    if ('status' in authenticated) return authenticated;
    return this.#once(activity, () => this.#turn(authenticated, plain as unknown as Activity, call));
  }

  /** Resolves when no reply is under way any more. */
  settled(): Promise<void> {
    return this.#replies.settled();
  }

  async #authenticate(call: Call, activity: Activity): Promise<AuthenticateRequestResult | HttpAnswer> {
    try {
      return await this.#options.channel.authentication.authenticateRequest(activity, call.authorization ?? '');
    } catch (error) {
      if (error instanceof KeysUnavailableError) return { status: 503 };
      return this.#reject('token', call);
    }
  }

  /** The channel delivers an activity again when it did not hear the answer: then it gets the same answer. */
  #once(activity: TeamsActivity, turn: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const { type, conversation, id, from, name = '' } = activity;
    const key = JSON.stringify([type, name, conversation.id, id, from.id, from.aadObjectId]);
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = turn();
    this.#answers.set(key, answer);
    void answer.then(({ status }) => {
      if (status >= 500) this.#answers.delete(key);
    });
    return answer;
  }

  async #turn(authenticated: AuthenticateRequestResult, activity: Activity, call: Call): Promise<HttpAnswer> {
    const { correlationId } = call;
    let answer = FAILED;
    try {
      await this.#cloudAdapter.processActivityDirect(authenticated, activity, async (context) => {
        const handled = await this.#application.run(context);
        const response = context.turnState.get<{ value: InvokeResponse } | undefined>(INVOKE_RESPONSE_KEY);
        answer = response?.value ?? { status: activity.type === 'invoke' && !handled ? 501 : 200 };
      });
    } catch (err) {
      this.#options.channel.options.log.error({ err, correlationId }, 'turn failed');
    }
    return answer;
  }

  #reject(reason: string, { peer }: Call): HttpAnswer {
    if (!this.#logged.has(reason)) authRejected(this.#options.channel.options.log, { reason, peer });
    this.#logged.set(reason, true);
    return UNAUTHORIZED;
  }
}
