import type { Clock } from '../core/clock.ts';
import { OpsError, UnavailableError } from '../core/errors.ts';
import type { Audience } from '../core/notice.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { Effect, MessageStore, RequestStore } from '../core/store.ts';
import type { Notifier } from '../ports/notifier.ts';
import { sendFailed } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';
import { noticeCard } from '../views/notice.ts';
import { requestCard } from '../views/request-card.ts';

/** What delivering to people needs. */
export interface DeliveryOptions {
  readonly store: RequestStore;
  readonly messages: MessageStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly operatorConversation: string | null;
  readonly log: Logger;
}

/** A turn that opened a request posts its card itself; only when it did not manage to is the card posted from here. */
const cardGraceSeconds = 60;

type NoticeEffect = Extract<Effect, { kind: 'notice' }>;

/** Brings what happened in front of people: the living card by editing it, notices as messages of their own. */
export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Shows the request's present state on its living card. Safe to repeat. */
  async card(requestId: string): Promise<void> {
    const { store, messages, notifier, clock } = this.#options;
    const request = await store.get(requestId);
    if (!request) return;
    const message = await messages.cardOf(requestId);
    if (message) {
      await this.#unlessGone(() => notifier.update(message, requestCard(request, clock.now())));
      return;
    }
    const age = clock.now().getTime() - new Date(request.createdAt).getTime();
    if (age < cardGraceSeconds * 1000) throw notPostedYet(requestId);
    await this.#unlessGone(async () => {
      await messages.rememberCard(
        requestId,
        await notifier.post(request.conversation, requestCard(request, clock.now())),
      );
    });
  }

  /** Posts a notice to its audience, or to whom comes next when that conversation is gone. */
  async notice({ audience, notice }: NoticeEffect): Promise<void> {
    const request = await this.#options.store.get(notice.requestId);
    if (!request) return;
    for (const next of fallbacks[audience]) {
      const conversation = await this.#conversationOf(next, request);
      if (conversation === null) continue;
      // Somebody who asked in the personal chat has just read the same notice in the thread.
      if (audience === 'requester' && conversation === request.conversation) return;
      if (await this.#unlessGone(() => this.#post(conversation, notice))) return;
    }
  }

  async #post(conversation: string, notice: NoticeEffect['notice']): Promise<void> {
    try {
      await this.#options.notifier.post(conversation, noticeCard(notice));
    } catch (error) {
      // It may have been shown; the living card says the same, so a second message would only be noise.
      if (!(error instanceof OpsError) || error.code !== 'unknown-outcome') throw error;
      sendFailed(this.#options.log, { conversation, code: error.code, err: error });
    }
  }

  async #conversationOf(audience: Audience, request: ProvisioningRequest): Promise<string | null> {
    if (audience === 'thread') return request.conversation;
    if (audience === 'operators') return this.#options.operatorConversation;
    return this.#options.notifier.personal(request.requester);
  }

  /** False when the conversation is closed to us for good. */
  async #unlessGone(send: () => Promise<void>): Promise<boolean> {
    try {
      await send();
      return true;
    } catch (error) {
      if (!(error instanceof OpsError) || error.code !== 'refused') throw error;
      return false;
    }
  }
}

const fallbacks: Record<Audience, readonly Audience[]> = {
  thread: ['thread', 'requester', 'operators'],
  requester: ['requester', 'operators'],
  operators: ['operators', 'thread'],
};

function notPostedYet(requestId: string): UnavailableError {
  return new UnavailableError(`The card of ${requestId} has not been posted yet.`, {
    operation: 'edit a card',
    next: 'It is edited as soon as it is there.',
  });
}
