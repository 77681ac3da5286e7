import { isBetween, mayBeStartedAlone, startAloneCardKey } from '../core/break-glass.ts';
import type { Clock } from '../core/clock.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { MessageStore } from '../core/store.ts';
import type { Notifier } from '../ports/notifier.ts';
import { requestCard } from '../views/request-card.ts';
import { isFinal } from './is-refused.ts';

interface ConfirmationOptions {
  readonly messages: MessageStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
}

/** Cards that ask whether to start the request alone show what became of it, once there is nothing to start any more. */
export async function replaceConfirmations(
  { messages, notifier, clock }: ConfirmationOptions,
  request: ProvisioningRequest,
): Promise<void> {
  if (mayBeStartedAlone(request) || isBetween(request)) return;
  const key = startAloneCardKey(request.id);
  for (const card of await messages.cardsOf(key)) {
    if (card.revision >= request.revision || (await notifier.scopeOf(card.conversation)) === null) continue;
    try {
      // They were shown where one person asked; others decide on the cards that were issued for it.
      await notifier.update(card, requestCard(request, clock.now(), { buttons: false }));
      await messages.cardShows(key, card, request.revision);
    } catch (error) {
      if (!isFinal(error)) throw error;
      await messages.forgetCard(key, card);
    }
  }
}
