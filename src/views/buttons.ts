import type { Offer } from '../core/offers.ts';

/**
 * Which buttons a card has: all that fit its state, none because it only shows, or those for its one reader. In a
 * channel everybody sees the same card, and the click is judged.
 */
export type Buttons = boolean | readonly Offer[];

/** Whether a card with these buttons offers something. */
export function offers(buttons: Buttons, offer: Offer): boolean {
  return typeof buttons === 'boolean' ? buttons : buttons.includes(offer);
}
