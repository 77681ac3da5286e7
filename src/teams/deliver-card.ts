import type { Card } from '../core/card.ts';
import type { Clock } from '../core/clock.ts';
import { OpsError, UnavailableError } from '../core/errors.ts';
import { offersTo, withEveryRole } from '../core/offers.ts';
import type { PolicySource } from '../core/policy/policy-source.ts';
import { type RoleSource, RolesUnavailableError } from '../core/policy/role-source.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { type IssuedCard, type MessageStore, type RequestStore, UnfinishedError } from '../core/store.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import { sendFailed } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';
import { requestCard } from '../views/request-card.ts';
import { type CardPlaces, type CardPlacesOptions, furtherPlaces } from './card-places.ts';
import { isRefused } from './is-refused.ts';
import { replaceConfirmations } from './replace-confirmations.ts';

/** What drawing the cards of requests needs. */
export interface CardDeliveryOptions extends CardPlacesOptions {
  readonly store: RequestStore;
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly policies: PolicySource;
  readonly roles: Pick<RoleSource, 'actor'>;
  readonly log: Logger;
}

/** A turn that opened a request posts its card itself; only when it did not manage to is the card posted from here. */
const cardGraceSeconds = 60;
/** A post whose answer was lost may have been shown. It is repeated once, because without a card nobody can decide. */
const mostAttempts = 2;
const note =
  'Posted again, because Teams did not confirm the first card of this request. Should you see two: both act on the same request, and it is decided once.';
const elsewhereNote =
  'Approvers have a card of their own and decide there. Here the request can be cancelled; nobody decides on what they asked for.';

/** Keeps every card of a request as the request is, and sees to it that there is one wherever there must be one. */
export class CardDelivery {
  readonly #options: CardDeliveryOptions;

  constructor(options: CardDeliveryOptions) {
    this.#options = options;
  }

  /** Safe to repeat. A card that cannot be edited now does not hold up the others. */
  async show(requestId: string): Promise<void> {
    const { store, messages } = this.#options;
    const request = await store.get(requestId);
    if (!request) return;
    const failures: unknown[] = [];
    const live: IssuedCard[] = [];
    const known = await messages.cardsOf(requestId);
    for (const card of known) {
      try {
        if (await this.#edit(request, card)) live.push(card);
      } catch (error) {
        live.push(card);
        failures.push(error);
      }
    }
    const { places, isDoubtful } = await this.#missing(request, known, live);
    for (const place of places) {
      await this.#issue(request, place).catch((error: unknown) => failures.push(error));
    }
    await replaceConfirmations(this.#options, request).catch((error: unknown) => failures.push(error));
    if (isDoubtful) failures.push(notKnownYet(request.id));
    if (failures.length > 0) throw failures[0];
  }

  /** False when it is gone, with its conversation or alone. */
  async #edit(request: ProvisioningRequest, card: IssuedCard): Promise<boolean> {
    const { messages, notifier } = this.#options;
    const scope = await notifier.scopeOf(card.conversation);
    if (scope === null) return false;
    if (card.revision >= request.revision) return true;
    const isAlone = scope === 'personal' && card.conversation === request.conversation;
    const told = isAlone && request.state === 'awaiting-approval' ? { note: elsewhereNote } : {};
    const drawn = await this.#drawn(request, card.conversation);
    try {
      await notifier.update(card, { ...drawn, ...told });
    } catch (error) {
      if (!isRefused(error)) throw error;
      // In a conversation that comes back the card is there again; a deleted message is not.
      if ((await notifier.scopeOf(card.conversation)) !== null) await messages.forgetCard(request.id, card);
      return false;
    }
    await messages.cardShows(request.id, card, request.revision);
    return true;
  }

  /** Where one person alone reads it, it offers what this person may do. */
  async #drawn(request: ProvisioningRequest, conversation: string): Promise<Card> {
    const { notifier, clock, policies, roles } = this.#options;
    const reader = await notifier.readerOf(conversation);
    const now = clock.now();
    if (reader === null) return requestCard(request, now);
    const policy = await policies.current();
    const actor = await roles.actor(reader).catch((error: unknown) => {
      if (error instanceof RolesUnavailableError) return withEveryRole(reader, policy);
      throw error;
    });
    return requestCard(request, now, { buttons: offersTo(actor, request, policy, now) });
  }

  async #missing(
    request: ProvisioningRequest,
    known: readonly IssuedCard[],
    live: readonly IssuedCard[],
  ): Promise<CardPlaces> {
    const { notifier } = this.#options;
    const shown = new Set(live.map(({ conversation }) => wholeConversation(conversation)));
    const isLost = known.length === 0 || this.#isDeletedAtHome(request, known, live);
    const home = isLost && (await notifier.scopeOf(request.conversation)) !== null ? [request.conversation] : [];
    const { places, isDoubtful } = await furtherPlaces(this.#options, request);
    const missing = [...home, ...places].filter((place) => !shown.has(wholeConversation(place)));
    return { places: missing, isDoubtful };
  }

  /** Its only card was deleted while something may still happen to the request. */
  #isDeletedAtHome(
    { conversation, state }: ProvisioningRequest,
    known: readonly IssuedCard[],
    live: readonly IssuedCard[],
  ): boolean {
    const here = known.filter((card) => card.conversation === conversation);
    return state === 'awaiting-approval' && here.length > 0 && !here.some((card) => live.includes(card));
  }

  async #issue(request: ProvisioningRequest, place: string): Promise<void> {
    const { messages, notifier, clock, log } = this.#options;
    const isHome = place === request.conversation;
    const age = clock.now().getTime() - new Date(request.createdAt).getTime();
    if (isHome && age < cardGraceSeconds * 1000) throw notPostedYet(request.id);
    if ((await notifier.scopeOf(place)) === null) return;
    const attempt = await messages.beginCard(request.id, place);
    if (attempt > mostAttempts) return messages.cardSettled(request.id, place);
    const card = await this.#drawn(request, place);
    const urgent = request.state === 'awaiting-approval';
    try {
      const message = await notifier.post(place, { ...card, urgent, ...(attempt > 1 || isHome ? { note } : {}) });
      await messages.rememberCard(request.id, message);
      await messages.cardShows(request.id, message, request.revision);
    } catch (error) {
      if (!(error instanceof OpsError)) throw error;
      if (error.code !== 'unknown-outcome') await messages.cardSettled(request.id, place);
      if (!isRefused(error)) throw error;
      sendFailed(log, { conversation: place, code: error.code, err: error });
      return;
    }
    await messages.cardSettled(request.id, place);
  }
}

function notKnownYet(requestId: string): UnfinishedError {
  return new UnfinishedError(`It cannot be read now whose chats get a card of ${requestId} to decide on.`, {
    operation: 'post a card',
    next: 'It is posted as soon as the roles can be read.',
  });
}

function notPostedYet(requestId: string): UnavailableError {
  return new UnavailableError(`The card of ${requestId} has not been posted yet.`, {
    operation: 'edit a card',
    next: 'It is edited as soon as it is there.',
  });
}
