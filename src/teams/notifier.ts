import type { Card } from '../core/card.ts';
import { RefusedError, ThrottledError, UnavailableError } from '../core/errors.ts';
import type { Person } from '../core/person.ts';
import type { Reader } from '../core/reader.ts';
import type { SentMessage } from '../core/store.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import type { ConversationStore, KnownConversation } from '../ports/conversations.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Logger } from '../telemetry/log.ts';
import type { ChannelClient } from './channel-client.ts';
import { ChannelRefusal } from './channel-refusal.ts';
import { ConversationLanes, patienceMs, type Time, type Urgency } from './conversation-lanes.ts';
import { isFinal, isRefusedForNow } from './is-refused.ts';
import type { Renderer } from './render.ts';

const ATTEMPTS: Readonly<Record<Urgency, number>> = { answer: 6, notice: 3 };
const FIRST_PAUSE_MS = 300;

/** Where a message goes. */
export interface Place {
  readonly conversation: string;
  readonly serviceUrl: string;
  /** Whoever alone reads what is sent there. */
  readonly reader?: Reader;
}

export interface NotifierOptions {
  readonly appId: string;
  readonly client: ChannelClient;
  readonly renderer: Renderer;
  readonly conversations: ConversationStore;
  /** Service address for a person we have not heard from. */
  readonly defaultServiceUrl: () => Promise<string>;
  /** By which Teams' limits are kept. Default: this machine's. */
  readonly time?: Time | undefined;
  readonly log: Logger;
}

/** Sends cards to Teams: one at a time per conversation, repeated only when nothing was shown. */
export class TeamsNotifier implements Notifier {
  readonly #options: NotifierOptions;
  readonly #lanes: ConversationLanes;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#lanes = new ConversationLanes(options.time);
  }

  async post(conversation: string, card: Card): Promise<SentMessage> {
    const { serviceUrl, reader } = await this.#whereIs(conversation);
    return this.#post({ conversation, serviceUrl }, this.#options.renderer.message(card, reader), 'notice');
  }

  /** Answers a person: like a post, but not held back behind notices. */
  reply(place: Place, card: Card): Promise<SentMessage> {
    return this.#post(place, this.#options.renderer.message(card, place.reader), 'answer');
  }

  /** Answers a person in one or two sentences. */
  say(place: Place, text: string): Promise<SentMessage> {
    const activity = { type: 'message', text: this.#options.renderer.text(text), textFormat: 'plain' };
    return this.#post(place, activity, 'answer');
  }

  async update(message: SentMessage, card: Card): Promise<void> {
    const { client, renderer } = this.#options;
    const { conversation, messageId } = message;
    const { serviceUrl, reader } = await this.#whereIs(conversation);
    const activity = { ...this.#addressed(conversation, renderer.message(card, reader)), id: messageId };
    await this.#send(conversation, 'notice', () => client.update(serviceUrl, conversation, messageId, activity));
  }

  async scopeOf(conversation: string): Promise<KnownConversation['scope'] | null> {
    const known = await this.#known(conversation);
    return known && this.#options.client.allows(known.serviceUrl) ? known.scope : null;
  }

  async readerOf(conversation: string): Promise<Person | null> {
    const known = await this.#known(conversation);
    if (known?.scope !== 'personal' || known.personId === null) return null;
    return { tenantId: known.tenantId, objectId: known.personId, name: '' };
  }

  async personal(person: Person): Promise<string | null> {
    const { conversations } = this.#options;
    const known = await conversations.personal(person.tenantId, person.objectId);
    if (known) return known.key;
    try {
      return await this.#openChat(person);
    } catch (error) {
      if (isFinal(error) || isRefusedForNow(error)) return null;
      throw error;
    }
  }

  async #openChat(person: Person): Promise<string> {
    const { appId, client, conversations, defaultServiceUrl } = this.#options;
    const serviceUrl = await defaultServiceUrl();
    const key = await client.openPersonalChat(serviceUrl, {
      isGroup: false,
      bot: { id: `28:${appId}` },
      members: [{ id: person.objectId }],
      tenantId: person.tenantId,
      channelData: { tenant: { id: person.tenantId } },
    });
    const { tenantId, objectId } = person;
    const conversation: KnownConversation = {
      key,
      serviceUrl,
      tenantId,
      scope: 'personal',
      personId: objectId,
      reference: {},
    };
    await conversations.remember(conversation);
    return key;
  }

  async #post({ conversation, serviceUrl }: Place, activity: object, urgency: Urgency): Promise<SentMessage> {
    const { client } = this.#options;
    const addressed = this.#addressed(conversation, activity);
    const messageId = await this.#send(conversation, urgency, () => client.post(serviceUrl, conversation, addressed));
    return { conversation, messageId };
  }

  #addressed(conversation: string, activity: object): object {
    return { ...activity, from: { id: `28:${this.#options.appId}` }, conversation: { id: conversation } };
  }

  async #send<Result>(conversation: string, urgency: Urgency, send: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#lanes.run(conversation, { urgency, send, again: patiently(urgency) });
    } catch (error) {
      this.#obey(conversation, error);
      await this.#forgetIfClosed(conversation, error);
      throw error;
    }
  }

  /** Teams asked for silence for longer than one send waits. */
  #obey(conversation: string, error: unknown): void {
    if (!(error instanceof ThrottledError && error.cause instanceof ChannelRefusal)) return;
    this.#lanes.silence(conversation, (error.retryAfterSeconds ?? 1) * 1000);
  }

  async #forgetIfClosed(conversation: string, error: unknown): Promise<void> {
    const cause = error instanceof RefusedError ? error.cause : null;
    if (!(cause instanceof ChannelRefusal && cause.closesConversation)) return;
    const { conversations, log } = this.#options;
    log.warn({ conversation, code: cause.code }, 'conversation is closed to the bot');
    await conversations.forget(conversation);
  }

  async #whereIs(key: string): Promise<KnownConversation> {
    const known = await this.#known(key);
    if (known) return known;
    throw new RefusedError(`The conversation ${key} is not known.`, {
      operation: 'Post a message',
      next: 'Install the app in the team, channel or chat, or write to it there once.',
    });
  }

  /** A thread is reached through its channel when it was never heard of itself. */
  async #known(key: string): Promise<KnownConversation | null> {
    const { conversations } = this.#options;
    const channel = wholeConversation(key);
    return (await conversations.get(key)) ?? (channel === key ? null : await conversations.get(channel));
  }
}

/** Tries again what was certainly not shown, a few times and not for long; a person who asked is waited for longer. */
function patiently(urgency: Urgency): (error: unknown, attempt: number) => number | null {
  let started: number | null = null;
  return (error, attempt) => {
    started ??= performance.now();
    const pause = attempt < ATTEMPTS[urgency] ? pauseAfter(error, attempt) : null;
    return pause === null || performance.now() - started + pause > patienceMs[urgency] ? null : pause;
  };
}

function pauseAfter(error: unknown, attempt: number): number | null {
  const grown = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  if (error instanceof ThrottledError) return error.retryAfterSeconds === null ? grown : error.retryAfterSeconds * 1000;
  return error instanceof UnavailableError ? grown : null;
}
