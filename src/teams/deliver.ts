import type { Effect } from '../core/store.ts';
import { CardDelivery, type CardDeliveryOptions } from './deliver-card.ts';
import { NoticeDelivery, type NoticeDeliveryOptions } from './deliver-notice.ts';
import { PostOffice } from './post-office.ts';
import { Subscribers, type SubscribersOptions } from './subscribers.ts';

/** What delivering to people needs. */
export type DeliveryOptions = Omit<CardDeliveryOptions & NoticeDeliveryOptions, 'subscribers'> & SubscribersOptions;

/** Brings what happened in front of people: living cards by editing them, notices as messages of their own. */
export class Delivery {
  readonly #cards: CardDelivery;
  readonly #notices: NoticeDelivery;
  readonly #office: PostOffice;

  constructor(given: DeliveryOptions) {
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

  /** Shows the request's present state on its cards. Safe to repeat. */
  card(requestId: string): Promise<void> {
    return this.#cards.show(requestId);
  }

  /** Sees to it that a notice reaches everybody it is for. Safe to repeat. */
  async notice(effect: Extract<Effect, { kind: 'notice' }>): Promise<void> {
    await this.#notices.address(effect);
    this.#office.look();
  }

  /** Sends what is addressed, until the signal aborts. */
  send(signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
    return this.#office.work(signal, onError);
  }
}
