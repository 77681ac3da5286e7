import type { Clock } from '../core/clock.ts';
import { OpsError } from '../core/errors.ts';
import type { Audience, Notice } from '../core/notice.ts';
import { type Person, samePerson } from '../core/person.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import {
  type Effect,
  type IssuedCard,
  type MessageStore,
  type RequestStore,
  StoreUnavailableError,
} from '../core/store.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import type { Letter, LetterStore, NewLetter } from '../ports/letters.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SubscriptionStore } from '../ports/subscriptions.ts';
import { sendFailed } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';
import { domainsOf, subscriberLetters } from './subscriber-letters.ts';
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
  accountable: ['accountable'],
  decider: [],
  operators: ['operators', 'thread'],
};

/** Addresses notices: one letter for each conversation that must hear of it, and never two of the same to one. */
export class NoticeDelivery {
  readonly #options: NoticeDeliveryOptions;

  constructor(options: NoticeDeliveryOptions) {
    this.#options = options;
  }

  /** Safe to repeat. */
  async address({ id, audience, notice, otherwise, to }: NoticeEffect): Promise<void> {
    const request = await this.#options.store.get(notice.requestId);
    if (!request) return this.#tellOperators(id, notice, otherwise ?? null);
    const key = id.endsWith(`:${audience}`) ? id.slice(0, -audience.length - 1) : id;
    if (audience === 'decider') return to && this.#tellInPerson(to, key, notice);
    const first = await this.#letterTo(request, audience, key, notice);
    const told = first ? [first.conversation] : [];
    const further = audience === 'thread' ? await this.#others(request, key, notice, told) : [];
    await this.#options.letters.add(first ? [first, ...further] : further);
  }

  /** A receipt is for one person alone. Where there is no chat with them nobody else gets it: the card says who decided. */
  async #tellInPerson(person: Person, key: string, notice: Notice): Promise<void> {
    const { notifier, letters, clock } = this.#options;
    const conversation = await this.#chatWith(person);
    if (conversation === null || (await notifier.scopeOf(conversation)) === null) return;
    await letters.add([{ key, conversation, audience: 'decider', notice, digest: null, dueAt: clock.now() }]);
  }

  /** Null also when it cannot be opened now: what comes after a receipt must not wait for it. */
  async #chatWith(person: Person): Promise<string | null> {
    const { notifier, log } = this.#options;
    try {
      return await notifier.personal(person);
    } catch (error) {
      if (!(error instanceof OpsError) || error instanceof StoreUnavailableError) throw error;
      sendFailed(log, { conversation: '', code: error.code, err: error });
      return null;
    }
  }

  /** What belongs to no request is for the operators; where they have no conversation, for the one it is about. */
  async #tellOperators(key: string, notice: Notice, otherwise: string | null): Promise<void> {
    const { operatorConversation, notifier, letters, clock } = this.#options;
    const isThere = operatorConversation !== null && (await notifier.scopeOf(operatorConversation)) !== null;
    const conversation = isThere ? operatorConversation : otherwise;
    if (conversation === null) return;
    const next = isThere ? otherwise : null;
    const dueAt = clock.now();
    await letters.add([{ key, conversation, audience: 'operators', notice, digest: null, otherwise: next, dueAt }]);
  }

  /** The conversation of a letter is gone: whoever comes next gets it. False when nobody does. */
  async addressAgain({ key, audience, notice, conversation, otherwise }: Letter): Promise<boolean> {
    const { store, letters, clock } = this.#options;
    if (audience === 'subscriber' || audience === 'decider') return false;
    const request = await store.get(notice.requestId);
    if (request) {
      const next = await this.#letterTo(request, audience, key, notice, conversation);
      await letters.add(next ? [next] : []);
      return next !== null;
    }
    if (otherwise === null || otherwise === conversation) return false;
    await letters.add([{ key, conversation: otherwise, audience, notice, digest: null, dueAt: clock.now() }]);
    return true;
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
    const person = audience === 'accountable' ? request.breakGlass?.by : request.requester;
    return person ? this.#options.notifier.personal(person) : null;
  }

  /** Who has the card as well hears of it beside the card; who subscribed hears of it as they wished. */
  async #others(request: ProvisioningRequest, key: string, notice: Notice, told: readonly string[]) {
    const here = new Set(told.map(wholeConversation));
    const beside = await this.#besideCards(request, notice, here);
    const dueAt = this.#options.clock.now();
    const copies = beside.map((place) => {
      return { key, audience: 'subscriber', notice, ...place, wish: 'approvals', digest: null, dueAt } as const;
    });
    const about = { key, notice, tenantId: request.tenant.id, domains: domainsOf(request) };
    return [...copies, ...(await subscriberLetters(this.#options, about, here))];
  }

  /** Adds the conversations of the copies to those that hear of it, and gives where in them. */
  async #besideCards(request: ProvisioningRequest, { kind }: Notice, here: Set<string>): Promise<readonly Beside[]> {
    const places: Beside[] = [];
    for (const card of await this.#options.messages.cardsOf(request.id)) {
      const { conversation } = card;
      if (wholeConversation(conversation) !== conversation || here.has(conversation)) continue;
      const scope = await this.#options.notifier.scopeOf(conversation);
      if (scope === null || (scope === 'personal' && !isToldInPerson(kind, request))) continue;
      const by = await this.#deciderIn(conversation, request);
      if (by && !(await this.#concerns(by, kind, request))) continue;
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

  /** Whether they may still decide, and are not told in words of their own. */
  async #concerns(person: Person, kind: Notice['kind'], { breakGlass }: ProvisioningRequest): Promise<boolean> {
    if (isEmergency(kind) && breakGlass && samePerson(person, breakGlass.by)) return false;
    return (await this.#options.subscribers.ofPerson(person, 'approvals', true)) !== 'ended';
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

/** Whoever has the card in a chat of their own sees there what came of it. */
function isToldInPerson(kind: Notice['kind'], { state }: ProvisioningRequest): boolean {
  return state === 'awaiting-approval' || isEmergency(kind);
}

/** Others must hear of it, and judge what was done without them. */
function isEmergency(kind: Notice['kind']): boolean {
  return kind === 'break-glass' || kind === 'review';
}
