import { z } from 'zod/v4';
import { looksLikeRequestId } from '../../core/request.ts';
import { requestCard } from '../../views/request-card.ts';
import type { Action } from '../command.ts';

const BackData = z.strictObject({
  requestId: z.string().refine(looksLikeRequestId),
  digest: z.string().max(64),
  nonce: z.string().max(64),
});

/** From a card that only one person sees back to the request as it is now. Decides nothing. */
export const back: Action = {
  verb: 'back',
  run: async ({ store, clock }, { data, conversation }) => {
    const parsed = BackData.safeParse(data).data;
    const request = parsed ? await store.get(parsed.requestId) : null;
    if (!request) {
      const message = 'This button does not belong to a request any more.';
      return { kind: 'error', status: 404, code: 'unknown-request', message };
    }
    return {
      kind: 'card',
      card: requestCard(request, clock.now(), { buttons: request.conversation === conversation }),
    };
  },
};
