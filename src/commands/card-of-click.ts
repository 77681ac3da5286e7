import type { Card } from '../core/card.ts';
import { offersTo } from '../core/offers.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { requestCard } from '../views/request-card.ts';
import type { Services } from './command.ts';
import { isIssuedThere } from './issued-there.ts';
import type { ActionTurn } from './turn.ts';

/**
 * The card with which a click is answered. Only the person who clicked sees it, so it offers what this person may do,
 * and nothing in a conversation that has no card of the request to act on.
 */
export async function cardOfClick(
  services: Pick<Services, 'messages' | 'policies' | 'clock'>,
  request: ProvisioningRequest,
  turn: Pick<ActionTurn, 'actor' | 'conversation'>,
): Promise<Card> {
  const now = services.clock.now();
  if (!(await isIssuedThere(services, request, turn.conversation)))
    return requestCard(request, now, { buttons: false });
  const policy = await services.policies.current();
  return requestCard(request, now, { buttons: offersTo(turn.actor, request, policy, now) });
}
