import { z } from 'zod/v4';
import { looksLikeRequestId } from '../../core/request.ts';
import { requestCard } from '../../views/request-card.ts';
import type { Action } from '../command.ts';
import { placeKey } from '../place-key.ts';
import { tooLong } from '../reason-behind.ts';
import { refusalAnswer } from '../refusal.ts';
import type { ActionAnswer } from '../turn.ts';

const StartAloneData = z.strictObject({
  requestId: z.string().refine(looksLikeRequestId),
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  nonce: z.string().regex(/^[\w-]{8,64}$/),
  place: z.string().regex(/^[0-9a-f]{16}$/),
  reason: z.string().max(4000),
});

/** The answer to the card that follows a typed emergency start: it starts the plan that this card shows, and no other. */
export const startAlone: Action = {
  verb: 'start-alone',
  run: async ({ store, gate, clock }, { actor, conversation, data }) => {
    const parsed = StartAloneData.safeParse(data);
    if (!parsed.success) return failure(400, 'invalid-input', 'This button carries something I did not put there.');
    const { requestId, digest, nonce, place, reason } = parsed.data;
    if (place !== placeKey(conversation)) {
      const message = `This card belongs to another conversation. Type “break glass ${requestId}” and why in this one.`;
      return failure(403, 'refused', message);
    }
    const problem = tooLong(reason);
    if (problem) return failure(400, 'invalid-input', `${problem} Say it shorter.`);
    const request = await store.get(requestId);
    if (!request) return failure(404, 'unknown-request', `There is no request ${requestId}.`);
    const result = await gate.submit(request.id, { type: 'break-glass', actor, reason, digest, nonce }, request);
    // A stale card can mean that the policy has changed: then the plan is made again, as the refusal says.
    if (result.kind === 'refused' && result.code === 'stale') await gate.submit(request.id, { type: 'policy-changed' });
    if (result.kind === 'refused') return refusalAnswer(result);
    return { kind: 'card', card: requestCard(result.request, clock.now(), { buttons: false }) };
  },
};

function failure(status: 400 | 403 | 404, code: string, message: string): ActionAnswer {
  return { kind: 'error', status, code, message };
}
