import type { Effect } from '../core/store.ts';
import { attachPlan } from './attach-plan.ts';
import { CardDelivery, type CardDeliveryOptions } from './deliver-card.ts';
import { NoticeDelivery, type NoticeDeliveryOptions } from './deliver-notice.ts';
import { PostOffice } from './post-office.ts';
import { Subscribers, type SubscribersOptions } from './subscribers.ts';

/** What delivering to people needs. */
export type DeliveryOptions = Omit<CardDeliveryOptions & NoticeDeliveryOptions, 'subscribers'> & SubscribersOptions;

/** Brings what happened in front of people: living cards by editing them, notices as messages of their own. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #cards: CardDelivery;
  readonly #notices: NoticeDelivery;
  readonly #office: PostOffice;

  constructor(given: DeliveryOptions) {
    this.#options = given;
    const subscribers = new Subscribers(given);
    const options = { ...given, subscribers };
    this.#cards = new CardDelivery(options);
    this.#notices = new NoticeDelivery(options);
    this.#office = new PostOffice({
      ...options,
      addressAgain: (letter) => this.#notices.addressAgain(letter),
      fateOf: (letter) => subscribers.fateOf(letter),
    });
  }

  /**
   * Shows the request's present state on its cards, and below them what does not fit on them. Safe to repeat; `attempts`
   * counts those that failed before.
   */
  async card(requestId: string, attempts?: number): Promise<void> {
    await this.#cards.show(requestId, attempts);
    await attachPlan(this.#options, requestId);
  }

  /** Sees to it that a notice reaches everybody it is for. Safe to repeat. */
  async notice(effect: Extract<Effect, { kind: 'notice' }>): Promise<void> {
    await this.#notices.address(effect);
    this.#office.look();
  }

  /** Something was addressed elsewhere: it is sent at once. */
  look(): void {
    this.#office.look();
  }

  /** Sends what is addressed, until the signal aborts. */
  send(signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
    return this.#office.work(signal, onError);
  }
}
