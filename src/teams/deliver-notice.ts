import type { Clock } from '../core/clock.ts';
import { type Audience, isUrgent, type Notice } from '../core/notice.ts';
import { type Person, samePerson } from '../core/person.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { Effect, IssuedCard, MessageStore, RequestStore } from '../core/store.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import type { Letter, LetterStore, NewLetter } from '../ports/letters.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SubscriptionStore } from '../ports/subscriptions.ts';
import { sendFailed } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';
import { nextDigest } from './next-digest.ts';
import type { Subscribers } from './subscribers.ts';

/** What addressing notices needs. */
export interface NoticeDeliveryOptions {
  readonly store: RequestStore;
  readonly messages: MessageStore;
  readonly letters: LetterStore;
  readonly subscriptions: SubscriptionStore;
  readonly subscribers: Subscribers;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly operatorConversation: string | null;
  readonly log: Logger;
}

type NoticeEffect = Extract<Effect, { kind: 'notice' }>;

/** Who comes next when a conversation is gone: what happened to a request must reach somebody. */
const fallbacks: Record<Audience, readonly Audience[]> = {
  thread: ['thread', 'requester', 'operators'],
  requester: ['requester', 'operators'],
  operators: ['operators', 'thread'],
};

/** Addresses notices: one letter for each conversation that must hear of it, and never two of the same to one. */
export class NoticeDelivery {
  readonly #options: NoticeDeliveryOptions;

  constructor(options: NoticeDeliveryOptions) {
    this.#options = options;
  }

  /** Safe to repeat. */
  async address({ id, audience, notice, otherwise }: NoticeEffect): Promise<void> {
    const request = await this.#options.store.get(notice.requestId);
    if (!request) return this.#tellOperators(id, notice, otherwise ?? null);
    const key = id.endsWith(`:${audience}`) ? id.slice(0, -audience.length - 1) : id;
    const first = await this.#letterTo(request, audience, key, notice);
    const told = first ? [first.conversation] : [];
    const further = audience === 'thread' ? await this.#others(request, key, notice, told) : [];
    await this.#options.letters.add(first ? [first, ...further] : further);
  }

  /** What belongs to no request is for the operators; where they have no conversation, for the one it is about. */
  async #tellOperators(key: string, notice: Notice, otherwise: string | null): Promise<void> {
    const { operatorConversation, notifier, letters, clock } = this.#options;
    const isThere = operatorConversation !== null && (await notifier.scopeOf(operatorConversation)) !== null;
    const conversation = isThere ? operatorConversation : otherwise;
    if (conversation === null) return;
    await letters.add([{ key, conversation, audience: 'operators', notice, digest: null, dueAt: clock.now() }]);
  }

  /** The conversation of a letter is gone: whoever comes next gets it. */
  async addressAgain({ key, audience, notice, conversation }: Letter): Promise<void> {
    const request = audience === 'subscriber' ? null : await this.#options.store.get(notice.requestId);
    if (!request || audience === 'subscriber') return;
    const next = await this.#letterTo(request, audience, key, notice, conversation);
    await this.#options.letters.add(next ? [next] : []);
  }

  async #letterTo(
    request: ProvisioningRequest,
    audience: Audience,
    key: string,
    notice: Notice,
    closed: string | null = null,
  ): Promise<NewLetter | null> {
    const { notifier, clock, log } = this.#options;
    for (const next of fallbacks[audience]) {
      const conversation = await this.#conversationOf(next, request);
      if (conversation === null || conversation === closed || (await notifier.scopeOf(conversation)) === null) continue;
      return { key, conversation, audience, notice, digest: null, dueAt: clock.now() };
    }
    sendFailed(log, { conversation: request.conversation, code: 'nobody-reachable', err: new Error(notice.headline) });
    return null;
  }

  async #conversationOf(audience: Audience, request: ProvisioningRequest): Promise<string | null> {
    if (audience === 'thread') return request.conversation;
    if (audience === 'operators') return this.#options.operatorConversation;
    return this.#options.notifier.personal(request.requester);
  }

  /** Who has the card as well hears of it beside the card; who subscribed hears of it as they wished. */
  async #others(request: ProvisioningRequest, key: string, notice: Notice, told: readonly string[]) {
    const here = new Set(told.map(wholeConversation));
    const beside = await this.#besideCards(request, here);
    const now = this.#options.clock.now();
    const about = { key, audience: 'subscriber' as const, notice };
    const letters: NewLetter[] = beside.map((place) => ({
      ...about,
      ...place,
      wish: 'approvals',
      digest: null,
      dueAt: now,
    }));
    const { subscriptions, subscribers, notifier } = this.#options;
    for (const subscription of await subscriptions.about(request.tenant.id, domainsOf(request))) {
      const { conversation, digest, timeZone, by } = subscription;
      if (here.has(conversation) || (await notifier.scopeOf(conversation)) === null) continue;
      if ((await subscribers.standingOf(subscription)) === 'ended') continue;
      here.add(conversation);
      // What a person must act on does not wait for a digest.
      const collected = isUrgent(notice) ? null : digest;
      const dueAt = collected === null ? now : nextDigest(collected, now, timeZone);
      letters.push({ ...about, conversation, digest: collected, by, dueAt });
    }
    return letters;
  }

  /** Adds the conversations of the copies to those that hear of it, and gives where in them. */
  async #besideCards(request: ProvisioningRequest, here: Set<string>): Promise<readonly Beside[]> {
    const places: Beside[] = [];
    for (const card of await this.#options.messages.cardsOf(request.id)) {
      const { conversation } = card;
      if (wholeConversation(conversation) !== conversation || here.has(conversation)) continue;
      const scope = await this.#options.notifier.scopeOf(conversation);
      // Whoever has the card in a chat of their own sees there what came of it.
      if (scope === null || (scope === 'personal' && request.state !== 'awaiting-approval')) continue;
      const by = await this.#deciderIn(conversation, request);
      if (by && (await this.#options.subscribers.ofPerson(by, 'approvals', true)) === 'ended') continue;
      here.add(conversation);
      places.push({ conversation: scope === 'channel' ? threadOf(card) : conversation, by });
    }
    return places;
  }

  /** Whoever alone reads a copy of the card and did not ask for the change. */
  async #deciderIn(conversation: string, { requester }: ProvisioningRequest): Promise<Person | null> {
    const reader = await this.#options.notifier.readerOf(conversation);
    return reader && !samePerson(reader, requester) ? reader : null;
  }
}

/** Where somebody hears of it beside a card; `by` is whoever has it there because they decide. */
interface Beside {
  readonly conversation: string;
  readonly by: Person | null;
}

/** A card of its own in a channel begins a thread. */
function threadOf({ conversation, messageId }: IssuedCard): string {
  return `${conversation};messageid=${messageId}`;
}

function domainsOf({ input }: ProvisioningRequest): readonly string[] {
  const { domain, domains } = input;
  return [domain, ...(Array.isArray(domains) ? domains : [])].filter((one) => typeof one === 'string');
}
