import type { Card } from '../core/card.ts';
import type { Clock } from '../core/clock.ts';
import { OpsError, UnavailableError } from '../core/errors.ts';
import { offersTo, withEveryRole } from '../core/offers.ts';
import type { PolicySource } from '../core/policy/policy-source.ts';
import { type RoleSource, RolesUnavailableError } from '../core/policy/role-source.ts';
import { isOpen, type ProvisioningRequest } from '../core/request.ts';
import {
  type IssuedCard,
  type MessageStore,
  type RequestStore,
  StoreUnavailableError,
  UnfinishedError,
} from '../core/store.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import { sendFailed } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';
import { requestCard } from '../views/request-card.ts';
import { atMost } from './at-most.ts';
import { attachPlan } from './attach-plan.ts';
import { type CardPlacesOptions, furtherPlaces } from './card-places.ts';
import { elsewhereNote } from './elsewhere-note.ts';
import { isFinal, isRefused, isRefusedForNow } from './is-refused.ts';
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
/** So long the other cards wait for one that is being edited (real milliseconds). */
const momentMs = 2000;
/** A no without a reason that lasts is asked again so often, which takes some minutes; then with the next change. */
const mostRefusals = 12;
const note =
  'Posted again, because Teams did not confirm the first card of this request. Should you see two: both act on the same request, and it is decided once.';
const replacedNote =
  'Posted again, because Teams refuses to change the card of this request that was here before. Only this one shows how things stand.';

/** What is true of a card after it was to be edited: it is there, it is gone, or Teams refuses to change it. */
type Edited = 'live' | 'gone' | 'stuck';

/** A conversation where a card is missing, and whether that is because Teams refuses to change the one that is there. */
interface Missing {
  readonly place: string;
  readonly isReplaced: boolean;
}

/** Keeps every card of a request as the request is, and sees to it that there is one wherever there must be one. */
export class CardDelivery {
  readonly #options: CardDeliveryOptions;

  constructor(options: CardDeliveryOptions) {
    this.#options = options;
  }

  /**
   * Safe to repeat. A card that cannot be shown now does not hold up the others, and none of them holds up what comes
   * after it: `UnfinishedError`. `attempts` counts those that failed before.
   */
  async show(requestId: string, attempts = 0): Promise<void> {
    const { store, messages } = this.#options;
    const request = await store.get(requestId);
    if (!request) return;
    const failures: unknown[] = [];
    const known = await messages.cardsOf(requestId);
    const edits = await this.#editAll(request, known, failures);
    const all = (what: Edited): readonly IssuedCard[] => known.filter((_, at) => edits[at] === what);
    const { missing, isDoubtful } = await this.#missing(request, known, all('live'), all('stuck'));
    for (const one of missing) {
      await this.#issue(request, one, known.length === 0).catch((error: unknown) => failures.push(error));
    }
    await replaceConfirmations(this.#options, request).catch((error: unknown) => failures.push(error));
    if (isDoubtful) failures.push(notKnownYet(request.id));
    await this.#attach(request, failures);
    this.#report(request.id, failures, attempts);
  }

  /** Pages stand below the card, so they wait for it. */
  async #attach({ id, conversation }: ProvisioningRequest, failures: unknown[]): Promise<void> {
    if (failures.some((error) => error instanceof NotPostedYetError)) return;
    try {
      await attachPlan(this.#options, id);
    } catch (error) {
      if (isFinal(error)) sendFailed(this.#options.log, { conversation, code: 'plan-not-attached', err: error });
      else failures.push(error);
    }
  }

  #report(requestId: string, failures: readonly unknown[], attempts: number): void {
    const given = failures.filter((error) => attempts >= mostRefusals && isRefusedForNow(error));
    for (const err of given) sendFailed(this.#options.log, { conversation: requestId, code: 'card-given-up', err });
    const left = failures.filter((error) => !given.includes(error));
    if (left.length > 0) throw worst(requestId, left);
  }

  /** In order; one that hangs has the others wait for a moment only. What fails is taken for as it was. */
  async #editAll(
    request: ProvisioningRequest,
    known: readonly IssuedCard[],
    failures: unknown[],
  ): Promise<readonly Edited[]> {
    const edits: Promise<Edited>[] = [];
    for (const card of known) {
      const edit = this.#edit(request, card).catch((error: unknown): Edited => {
        failures.push(error);
        return 'live';
      });
      edits.push(edit);
      await atMost(momentMs, edit);
    }
    return Promise.all(edits);
  }

  async #edit(request: ProvisioningRequest, card: IssuedCard): Promise<Edited> {
    const { messages, notifier, log } = this.#options;
    const { conversation } = card;
    const scope = await notifier.scopeOf(conversation);
    if (scope === null) return 'gone';
    if (card.revision >= request.revision) return 'live';
    const isAlone = scope === 'personal' && conversation === request.conversation;
    const told =
      isAlone && request.state === 'awaiting-approval' ? { note: await elsewhereNote(this.#options, request) } : {};
    const drawn = await this.#drawn(request, conversation);
    try {
      await notifier.update(card, { ...drawn, ...told });
    } catch (error) {
      if (!isFinal(error)) throw error;
      const isStuck = !isRefused(error);
      if (isStuck) sendFailed(log, { conversation, code: 'card-stuck', err: error });
      // In a conversation that comes back the card is there again; a deleted message is not.
      if ((await notifier.scopeOf(conversation)) !== null) await messages.forgetCard(request.id, card);
      return isStuck ? 'stuck' : 'gone';
    }
    return this.#edited(request, card);
  }

  /** A process that was frozen on its way to Teams may have drawn over what another one has shown since. */
  async #edited({ id, revision }: ProvisioningRequest, card: IssuedCard): Promise<Edited> {
    const { store, messages } = this.#options;
    const later = (await messages.cardShows(id, card, revision)) > revision ? await store.get(id) : null;
    return later ? this.#edit(later, { ...card, revision }) : 'live';
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
    stuck: readonly IssuedCard[],
  ): Promise<{ readonly missing: readonly Missing[]; readonly isDoubtful: boolean }> {
    const { notifier } = this.#options;
    const shown = new Set(live.map(({ conversation }) => wholeConversation(conversation)));
    const replaced = isOpen(request.state) ? stuck.map(({ conversation }) => conversation) : [];
    const isLost = known.length === 0 || this.#isDeletedAtHome(request, known, live);
    const home = isLost && (await notifier.scopeOf(request.conversation)) !== null ? [request.conversation] : [];
    const { places, isDoubtful } = await furtherPlaces(this.#options, request);
    const missing = [...new Set([...replaced, ...home, ...places])]
      .filter((place) => !shown.has(wholeConversation(place)))
      .map((place) => ({ place, isReplaced: replaced.includes(place) }));
    return { missing, isDoubtful };
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

  /** `isFirst`: no card of the request is known yet. */
  async #issue(request: ProvisioningRequest, { place, isReplaced }: Missing, isFirst: boolean): Promise<void> {
    const { messages, notifier, clock, log } = this.#options;
    const isHome = place === request.conversation;
    const age = clock.now().getTime() - new Date(request.createdAt).getTime();
    if (isHome && isFirst && age < cardGraceSeconds * 1000) throw notPostedYet(request.id);
    if ((await notifier.scopeOf(place)) === null) return;
    const attempt = await messages.beginCard(request.id, place);
    if (attempt > mostAttempts) return messages.cardSettled(request.id, place);
    const card = await this.#drawn(request, place);
    const urgent = request.state === 'awaiting-approval';
    try {
      const message = await notifier.post(place, { ...card, urgent, ...noteOf(attempt, isHome, isReplaced) });
      await messages.rememberCard(request.id, message);
      await messages.cardShows(request.id, message, request.revision);
    } catch (error) {
      if (!(error instanceof OpsError)) throw error;
      if (error.code !== 'unknown-outcome') await messages.cardSettled(request.id, place);
      if (!isFinal(error)) throw error;
      sendFailed(log, { conversation: place, code: error.code, err: error });
      return;
    }
    await messages.cardSettled(request.id, place);
  }
}

function noteOf(attempt: number, isHome: boolean, isReplaced: boolean): { readonly note?: string } {
  if (attempt === 1 && isReplaced) return { note: replacedNote };
  return attempt > 1 || isHome ? { note } : {};
}

/** What the notices behind the cards wait for, if there is such a thing; else that not every card is as it should be. */
function worst(requestId: string, failures: readonly unknown[]): unknown {
  const waitedFor = failures.find((one) => one instanceof StoreUnavailableError || one instanceof NotPostedYetError);
  if (waitedFor !== undefined) return waitedFor;
  const [first] = failures;
  const what = first instanceof Error ? first.message : String(first);
  return new UnfinishedError(`Not every card of ${requestId} shows how things stand: ${what}`, {
    operation: 'show a request',
    next: 'The rest is shown as soon as Teams takes it.',
    cause: first,
  });
}

/** The turn that opened the request is about to post its first card. */
class NotPostedYetError extends UnavailableError {}

function notKnownYet(requestId: string): UnfinishedError {
  return new UnfinishedError(`It cannot be read now whose chats get a card of ${requestId} to decide on.`, {
    operation: 'post a card',
    next: 'It is posted as soon as the roles can be read.',
  });
}

function notPostedYet(requestId: string): NotPostedYetError {
  return new NotPostedYetError(`The card of ${requestId} has not been posted yet.`, {
    operation: 'edit a card',
    next: 'It is edited as soon as it is there.',
  });
}
