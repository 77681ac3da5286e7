import { isOpen, type ProvisioningRequest } from '../core/request.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SubscriptionStore } from '../ports/subscriptions.ts';

export interface CardPlacesOptions {
  readonly notifier: Notifier;
  readonly subscriptions: SubscriptionStore;
  readonly operatorConversation: string | null;
}

/**
 * Where a card of the request belongs beside the conversation it was asked in: in front of those who asked for cards to
 * decide on and, when approvers cannot see the first one, where they can. A personal chat has one reader, and a
 * conversation that is gone has none.
 */
export async function furtherPlaces(
  { notifier, subscriptions, operatorConversation }: CardPlacesOptions,
  request: ProvisioningRequest,
): Promise<readonly string[]> {
  if (!isOpen(request.state)) return [];
  const home = await notifier.scopeOf(request.conversation);
  const places: string[] = [];
  if (home === null) {
    const chat = await notifier.personal(request.requester);
    if (chat !== null) places.push(chat);
  }
  if (request.state !== 'awaiting-approval') return places;
  const asked: string[] = [];
  for (const place of await subscriptions.approvals()) if ((await notifier.scopeOf(place)) !== null) asked.push(place);
  const isUnseen = home === null || home === 'personal';
  if (isUnseen && asked.length === 0 && operatorConversation !== null) asked.push(operatorConversation);
  const here = wholeConversation(request.conversation);
  const elsewhere = asked.filter((place) => home === null || wholeConversation(place) !== here);
  return [...new Set([...places, ...elsewhere])];
}
