import type { ProvisioningRequest } from '../core/request.ts';
import type { Services } from './command.ts';

/** A card acts only in the conversations it was issued to. */
export async function isIssuedThere(
  { messages }: Pick<Services, 'messages'>,
  request: Pick<ProvisioningRequest, 'id' | 'conversation'>,
  conversation: string,
): Promise<boolean> {
  if (request.conversation === conversation) return true;
  const cards = await messages.cardsOf(request.id);
  return cards.some(
    (card) => card.conversation === conversation || `${card.conversation};messageid=${card.messageId}` === conversation,
  );
}
