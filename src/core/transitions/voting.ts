import { samePerson } from '../person.ts';
import type { Outcome, ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, RefusalCode, Transition } from '../request-event.ts';
import { finish } from './finish.ts';
import { audit, card, moved, personOf } from './moved.ts';
import { standing } from './standing.ts';

/** Somebody clicked Approve or Deny. Who may, and on which plan, is decided here and nowhere else. */
export function vote(
  request: ProvisioningRequest,
  event: EventOf<'approve' | 'deny'>,
  context: GateContext,
): Transition {
  const refused = voteRefusal(request, event, context.now);
  if (refused) {
    const detail = { refused: refused.code, digest: event.digest };
    const entry = { ...audit(request, event.type, event.actor, detail, 'refused'), reason: refused.reason };
    return { kind: 'refused', ...refused, audit: refused.code === 'already' ? null : entry };
  }
  const by = personOf(event.actor);
  const digest = request.plan?.digest ?? event.digest;
  const decision = { verdict: event.type, by, at: context.now.toISOString(), digest, voided: false };
  const decided = { ...request, decisions: [...request.decisions, decision], decideBy: null };
  const entry = audit(request, event.type, event.actor, { digest });
  if (event.type === 'approve') {
    const call = {
      function: 'confirm-request@1',
      id: `${request.id}:confirm:${request.planVersion}`,
      input: { requestId: request.id },
      partition: null,
    };
    return moved({ ...decided, state: 'confirming' }, context, [{ kind: 'start', call }, card(request)], entry);
  }
  const outcome: Outcome = {
    code: 'denied',
    message: `${by.name} denied the request. Nothing was changed.`,
    next: 'Talk to the approver; a new request can be made at any time.',
    left: [],
  };
  return finish(decided, 'denied', outcome, context, entry, ['denied', 'attention']);
}

function voteRefusal(
  request: ProvisioningRequest,
  event: EventOf<'approve' | 'deny'>,
  now: Date,
): { code: RefusalCode; reason: string } | null {
  const earlier = request.decisions.find((decision) => samePerson(decision.by, event.actor) && !decision.voided);
  if (earlier?.verdict === event.type && earlier.digest.startsWith(event.digest)) {
    return { code: 'already', reason: 'Your decision is already recorded.' };
  }
  if (samePerson(request.requester, event.actor)) {
    return { code: 'own-request', reason: 'You asked for this change, so another approver has to decide it.' };
  }
  if (!event.actor.roles.includes('approver')) {
    return {
      code: 'not-allowed',
      reason: 'Only an approver can decide, and you are not one here. Somebody of the approvers has to do it.',
    };
  }
  if (request.state !== 'awaiting-approval') {
    return {
      code: 'wrong-state',
      reason: `${standing(request, now)} Your click changed nothing.`,
    };
  }
  if (request.decideBy !== null && new Date(request.decideBy) <= now) {
    return { code: 'wrong-state', reason: `The time to decide on ${request.id} has passed. Ask again.` };
  }
  const matches =
    request.plan?.digest.startsWith(event.digest) && event.digest.length >= 16 && request.nonce === event.nonce;
  if (!matches) {
    return {
      code: 'stale',
      reason: 'This card shows an older plan. Read the current card of the request and decide there.',
    };
  }
  return null;
}
