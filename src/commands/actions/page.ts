import { z } from 'zod/v4';
import { looksLikeRequestId } from '../../core/request.ts';
import { planPageView } from '../../views/plan-page.ts';
import { cardOfClick } from '../card-of-click.ts';
import type { Action } from '../command.ts';
import { planViewed } from '../plan-viewed.ts';
import type { ActionAnswer } from '../turn.ts';

const PageData = z.strictObject({
  requestId: z.string().refine(looksLikeRequestId),
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  nonce: z.string().regex(/^[\w-]{8,64}$/),
  page: z.string().regex(/^\d{1,3}$/),
});

/**
 * Turns the pages of a plan that is too long for one card. Changes nothing, so anybody may; the page is the answer to the
 * click, which nobody else sees. Page 0 is the card of the request as it is now.
 */
export const page: Action = {
  verb: 'page',
  run: async (services, turn) => {
    const parsed = PageData.safeParse(turn.data);
    if (!parsed.success) return failure(400, 'invalid-input', 'This button carries something I did not put there.');
    const { requestId, digest, page: wanted } = parsed.data;
    const request = await services.store.get(requestId);
    if (!request) return failure(404, 'unknown-request', `There is no request ${requestId}.`);
    if (Number(wanted) === 0) {
      return { kind: 'card', card: await cardOfClick(services, request, turn) };
    }
    const { plan } = request;
    if (!plan?.digest.startsWith(digest)) {
      const reason = 'This card shows an older plan. Read the current card of the request.';
      return failure(409, 'stale', reason);
    }
    await planViewed(services, turn, request, plan, Number(wanted));
    return { kind: 'card', card: planPageView.card({ request, plan, page: Number(wanted), turns: true }) };
  },
};

function failure(status: 400 | 404 | 409, code: string, message: string): ActionAnswer {
  return { kind: 'error', status, code, message };
}
