import { isOpen, type ProvisioningRequest } from '../core/request.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SubscriptionStore } from '../ports/subscriptions.ts';
import type { Subscribers } from './subscribers.ts';

export interface CardPlacesOptions {
  readonly notifier: Notifier;
  readonly subscriptions: SubscriptionStore;
  readonly subscribers: Subscribers;
  readonly operatorConversation: string | null;
}

/** Where cards belong now. */
export interface CardPlaces {
  readonly places: readonly string[];
  /** Whether there may be more, because it cannot be read now who may decide. */
  readonly isDoubtful: boolean;
}

/**
 * Where a card of the request belongs beside the conversation it was asked in: in front of those who asked for cards to
 * decide on and, when approvers cannot see the first one, where they can. A personal chat has one reader, and a
 * conversation that is gone has none.
 */
export async function furtherPlaces(options: CardPlacesOptions, request: ProvisioningRequest): Promise<CardPlaces> {
  const { notifier, operatorConversation } = options;
  if (!isOpen(request.state)) return { places: [], isDoubtful: false };
  const home = await notifier.scopeOf(request.conversation);
  const places: string[] = [];
  if (home === null) {
    const chat = await notifier.personal(request.requester);
    if (chat !== null) places.push(chat);
  }
  if (request.state !== 'awaiting-approval') return { places, isDoubtful: false };
  const { asked, isDoubtful } = await whereDecided(options);
  const here = wholeConversation(request.conversation);
  const elsewhere = asked.filter((place) => home === null || wholeConversation(place) !== here);
  // Whoever asked does not decide, not even in a chat to which they had decisions sent.
  const isUnseen = home === null || home === 'personal';
  if (isUnseen && elsewhere.length === 0 && operatorConversation !== null) {
    if ((await notifier.scopeOf(operatorConversation)) !== null) elsewhere.push(operatorConversation);
  }
  return { places: [...new Set([...places, ...elsewhere])], isDoubtful };
}

/** A channel is not one person's: it keeps its cards while it cannot be read who may have them sent there. */
async function whereDecided({ notifier, subscriptions, subscribers }: CardPlacesOptions) {
  const asked: string[] = [];
  let isDoubtful = false;
  for (const subscription of await subscriptions.approvals()) {
    const { conversation } = subscription;
    const scope = await notifier.scopeOf(conversation);
    if (scope === null) continue;
    const standing = await subscribers.standingOf(subscription);
    if (standing === 'unknown' && scope === 'personal') isDoubtful = true;
    else if (standing !== 'ended') asked.push(conversation);
  }
  return { asked, isDoubtful };
}
