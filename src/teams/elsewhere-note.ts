import { samePerson } from '../core/person.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { MessageStore } from '../core/store.ts';
import { type CardPlacesOptions, furtherPlaces } from './card-places.ts';

const decidedThere =
  'Approvers have a card of their own and decide there. Here the request can be cancelled; nobody decides on what they asked for.';
const decidedNowhere =
  'No approver can see this request now: Switchyard knows no conversation where it could show them a card. Cancel it here and ask again in a channel; or ask again here once an approver has typed “subscribe approvals” where they want to decide.';

interface ElsewhereOptions extends CardPlacesOptions {
  readonly messages: Pick<MessageStore, 'cardsOf'>;
}

/** What whoever asked in a chat of their own reads under the card there, while it waits for a decision. */
export async function elsewhereNote(options: ElsewhereOptions, request: ProvisioningRequest): Promise<string> {
  const { places, isDoubtful } = await furtherPlaces(options, request);
  const isSeen = isDoubtful || places.length > 0 || (await hasCardElsewhere(options, request));
  return isSeen ? decidedThere : decidedNowhere;
}

/** A card stays where it was posted, whoever may have new ones sent there. */
async function hasCardElsewhere(
  { messages, notifier }: ElsewhereOptions,
  { id, requester }: ProvisioningRequest,
): Promise<boolean> {
  for (const { conversation } of await messages.cardsOf(id)) {
    const scope = await notifier.scopeOf(conversation);
    const reader = scope === 'personal' ? await notifier.readerOf(conversation) : null;
    if (scope !== null && !(reader && samePerson(reader, requester))) return true;
  }
  return false;
}
