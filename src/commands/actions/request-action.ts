import { z } from 'zod/v4';
import { RefusedError } from '../../core/errors.ts';
import { looksLikeRequestId, type ProvisioningRequest } from '../../core/request.ts';
import type { RequestEvent } from '../../core/request-event.ts';
import { cardOfClick } from '../card-of-click.ts';
import type { Action, Services } from '../command.ts';
import { isIssuedThere } from '../issued-there.ts';
import { tooLong } from '../reason-behind.ts';
import { refusalAnswer } from '../refusal.ts';
import { signInAnswer } from '../sign-in-answer.ts';
import type { ActionAnswer, ActionTurn } from '../turn.ts';

/** All that a button carries. Whatever else a client sends makes the click invalid. */
const ButtonData = z.strictObject({
  requestId: z.string().refine(looksLikeRequestId),
  digest: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  nonce: z.string().regex(/^[\w-]{8,64}$/),
  /** What a person typed beside the button. */
  reason: z.string().max(4000).optional(),
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
  const problem = tooLong(parsed.data.reason ?? '');
  if (problem) return { kind: 'error', status: 400, code: 'invalid-input', message: `${problem} Say it shorter.` };
  const request = await services.store.get(parsed.data.requestId);
  if (!request) {
    return {
      kind: 'error',
      status: 404,
      code: 'unknown-request',
      message: `There is no request ${parsed.data.requestId}.`,
    };
  }
  if (!(await isIssuedThere(services, request, turn.conversation))) throw elsewhere(request.id);
  await learnCard(services, request, turn);
  const event = eventOf(turn, parsed.data);
  const result = await services.gate.submit(request.id, event, request);
  const { digest = '', nonce } = parsed.data;
  const outcome = { before: request, result };
  const signIn = event.type === 'approve' ? await signInAnswer(services, turn, { digest, nonce }, outcome) : null;
  if (signIn) return signIn;
  // A stale card can mean that the policy has changed: then the plan is made again, and the card with it.
  if (result.kind === 'refused' && result.code === 'stale')
    await services.gate.submit(request.id, { type: 'policy-changed' });
  if (result.kind === 'refused') return refusalAnswer(result);
  return { kind: 'card', card: await cardOfClick(services, result.request, turn) };
}

/** Far more cards than can get lost there; whoever makes up clicks on cards cannot make us edit without end. */
const mostLearned = 20;

/** A card of ours that nobody knew of, because the answer to its post was lost, is known from the first click on. */
async function learnCard(
  { messages }: Services,
  request: ProvisioningRequest,
  { conversation, messageId }: ActionTurn,
): Promise<void> {
  if (messageId === null || request.conversation !== conversation) return;
  const cards = (await messages.cardsOf(request.id)).filter((card) => card.conversation === conversation);
  if (cards.length >= mostLearned || cards.some((card) => card.messageId === messageId)) return;
  await messages.rememberCard(request.id, { conversation, messageId });
}

function elsewhere(requestId: string): RefusedError {
  return new RefusedError('This card belongs to another conversation, so its buttons do not act here.', {
    operation: 'decide on a request',
    next: `Decide on a card of ${requestId} that was posted for deciding: where it was asked for, or where approvals go.`,
  });
}
