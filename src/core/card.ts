import type { JsonObject } from './json.ts';

/** A card before rendering: which template, the data it binds, and the one-line text of the toast. */
export interface Card {
  /** Name of a template in `cards/`, without `.json`, e.g. `plan` or `forms/set-up-gateway`. */
  readonly template: string;
  /** Only strings, numbers, booleans and lists of plain objects; no null, which the template language cannot bind. */
  readonly model: JsonObject;
  readonly summary: string;
  /** Object ids of the people for whom Teams may refresh the card by itself; at most 60, usually empty. */
  readonly refreshFor?: readonly string[];
  /** A person must act now: the channel alerts everybody who can see the message. Default: false. */
  readonly urgent?: boolean;
  /** A line of our own under the card, about the message and not about its subject. Default: none. */
  readonly note?: string;
}
