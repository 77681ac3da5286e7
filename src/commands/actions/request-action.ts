import { z } from 'zod/v4';
import { RefusedError } from '../../core/errors.ts';
import { looksLikeRequestId } from '../../core/request.ts';
import type { RequestEvent } from '../../core/request-event.ts';
import { requestCard } from '../../views/request-card.ts';
import type { Action, Services } from '../command.ts';
import { refusalAnswer } from '../refusal.ts';
import type { ActionAnswer, ActionTurn } from '../turn.ts';

/** All that a button carries. Whatever else a client sends makes the click invalid. */
const ButtonData = z.strictObject({
  requestId: z.string().refine(looksLikeRequestId),
  digest: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  nonce: z.string().regex(/^[\w-]{8,64}$/),
});
type ButtonData = z.infer<typeof ButtonData>;

/** An action on one request: parses the click, checks where it comes from, and puts the event through the gate. */
export function requestAction(verb: string, eventOf: (turn: ActionTurn, data: ButtonData) => RequestEvent): Action {
  return { verb, run: (services, turn) => submit(services, turn, eventOf) };
}

async function submit(
  services: Services,
  turn: ActionTurn,
  eventOf: (turn: ActionTurn, data: ButtonData) => RequestEvent,
): Promise<ActionAnswer> {
  const parsed = ButtonData.safeParse(turn.data);
  if (!parsed.success) {
    return {
      kind: 'error',
      status: 400,
      code: 'invalid-input',
      message: 'This button carries something I did not put there.',
    };
  }
  const request = await services.store.get(parsed.data.requestId);
  if (!request) {
    return {
      kind: 'error',
      status: 404,
      code: 'unknown-request',
      message: `There is no request ${parsed.data.requestId}.`,
    };
  }
  if (request.conversation !== turn.conversation) throw elsewhere(request.id);
  const result = await services.gate.submit(request.id, eventOf(turn, parsed.data), request);
  if (result.kind === 'refused') return refusalAnswer(result);
  return { kind: 'card', card: requestCard(result.request, services.clock.now()) };
}

function elsewhere(requestId: string): RefusedError {
  return new RefusedError('This card belongs to another conversation, so its buttons do not act here.', {
    operation: 'decide on a request',
    next: `Decide on the card of ${requestId} where it was asked for.`,
  });
}
