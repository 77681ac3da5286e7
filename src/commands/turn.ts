import type { Card } from '../core/card.ts';
import type { Actor } from '../core/person.ts';
import type { SentMessage } from '../core/store.ts';

/** A typed message, already authenticated, stripped of mentions and markup, from a person of the home tenant. */
export interface MessageTurn {
  readonly actor: Actor;
  /** Key of the conversation (and thread) to answer in. */
  readonly conversation: string;
  readonly scope: 'personal' | 'channel' | 'groupChat';
  /** The channel's id of this message; a redelivery may carry the same one or a new one. */
  readonly activityId: string;
  readonly text: string;
  /** IANA time zone of the person's client, when it says one; default: unknown. */
  readonly timeZone?: string | null;
}

/** A click on a card of ours. `data` is whatever the client sent: hostile until parsed. */
export interface ActionTurn {
  readonly actor: Actor;
  readonly conversation: string;
  /** The message whose card was clicked, when the channel says so. */
  readonly messageId: string | null;
  readonly verb: string;
  readonly data: unknown;
}

/** What a message is answered with. `livingCardOf` marks the card that is edited while the request lives, by its key. */
export interface Reply {
  readonly card: Card;
  /** Cards that follow the first one, in this order; default: none. */
  readonly more?: readonly Card[];
  readonly livingCardOf?: string;
}

/** What a click is answered with. `card` replaces the card for the person who clicked, `message` is shown to them. */
export type ActionAnswer =
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'message'; readonly text: string }
  | {
      readonly kind: 'error';
      readonly status: 400 | 403 | 404 | 409 | 500;
      readonly code: string;
      readonly message: string;
    };

/** The chat side of the product: what the Teams edge calls. */
export interface Dispatcher {
  message(turn: MessageTurn): Promise<Reply | null>;
  action(turn: ActionTurn): Promise<ActionAnswer>;
  /** Tells that a living card was posted, so that it can be edited from now on. */
  posted(requestId: string, message: SentMessage): Promise<void>;
}
