import type { ProvisioningRequest } from '../core/request.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import { pendingCard } from '../views/pending.ts';
import type { Command, Services } from './command.ts';

/** More than a person looks through; of the others it is not said that a card is here as well. */
const mostLookedUp = 50;

export const pending: Command = {
  name: 'pending',
  aliases: ['open'],
  phrase: 'pending',
  summary: 'Shows the requests that wait for a decision.',
  run: async (services, { conversation }) => {
    // All of them: those that are due soonest are the oldest, and the list gives the newest first.
    const found = await services.store.list({ states: ['awaiting-approval'], limit: 500 });
    const soonest = found.toReversed();
    const first = soonest.slice(0, mostLookedUp).map((request) => asSeenFrom(services, request, conversation));
    const requests = [...(await Promise.all(first)), ...soonest.slice(mostLookedUp)];
    return { card: pendingCard({ requests, here: conversation, now: services.clock.now() }) };
  },
};

/** A request asked for elsewhere may have a card here, too, and can be decided on that one. */
async function asSeenFrom(
  { messages }: Services,
  request: ProvisioningRequest,
  here: string,
): Promise<ProvisioningRequest> {
  const whole = wholeConversation(here);
  if (wholeConversation(request.conversation) === whole) return request;
  const cards = await messages.cardsOf(request.id);
  const isHere = cards.some(({ conversation }) => wholeConversation(conversation) === whole);
  return isHere ? { ...request, conversation: here } : request;
}
