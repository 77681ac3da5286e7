import { z } from 'zod/v4';
import { looksLikeRequestId } from '../../core/request.ts';
import { cardOfClick } from '../card-of-click.ts';
import type { Action } from '../command.ts';

const BackData = z.strictObject({
  requestId: z.string().refine(looksLikeRequestId),
  digest: z.string().max(64),
  nonce: z.string().max(64),
});

/** From a card that only one person sees back to the request as it is now. Decides nothing. */
export const back: Action = {
  verb: 'back',
  run: async (services, turn) => {
    const parsed = BackData.safeParse(turn.data).data;
    const request = parsed ? await services.store.get(parsed.requestId) : null;
    if (!request) {
      const message = 'This button does not belong to a request any more.';
      return { kind: 'error', status: 404, code: 'unknown-request', message };
    }
    return { kind: 'card', card: await cardOfClick(services, request, turn) };
  },
};
