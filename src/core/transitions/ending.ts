import { mayOperate } from '../may-operate.ts';
import { type Actor, samePerson } from '../person.ts';
import { isOpen, type Outcome, type ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import type { Effect } from '../store.ts';
import { finish } from './finish.ts';
import { audit, card, moved, personOf, wrongState } from './moved.ts';
import { runCall } from './run-call.ts';

/** A request ends before its run does: withdrawn, stopped, or nobody decided in time. */
export function endEarly(
  request: ProvisioningRequest,
  event: EventOf<'cancel' | 'stop' | 'expire'>,
  context: GateContext,
): Transition {
  if (event.type === 'expire') {
    const due = request.decideBy !== null && new Date(request.decideBy) <= context.now;
    if (request.state !== 'awaiting-approval' || !due) return wrongState(request);
    const outcome: Outcome = {
      code: 'expired',
      message: 'Nobody decided in time. Nothing was changed.',
      next: 'Ask again when an approver is around.',
      left: [],
    };
    return finish(request, 'expired', outcome, context, 'expire', ['expired', 'attention']);
  }
  if (!mayEnd(request, event.actor)) {
    const who = isBeyondApproval(request)
      ? 'the requester, an approver or an operator'
      : 'the requester or an approver';
    const reason = `Only ${who} can stop this request.`;
    return {
      kind: 'refused',
      code: 'not-allowed',
      reason,
      audit: { ...audit(request, event.type, event.actor, {}, 'refused'), reason },
    };
  }
  if (request.state === 'running') return requestStop(request, event.actor, context);
  if (!isOpen(request.state) || request.state === 'undoing') return wrongState(request);
  const outcome: Outcome = {
    code: 'cancelled',
    message: `${event.actor.name} cancelled the request. Nothing was changed.`,
    next: '',
    left: [],
  };
  const entry = audit(request, 'cancel', event.actor, {});
  return finish({ ...request, decideBy: null }, 'cancelled', outcome, context, entry, ['cancelled', 'neutral']);
}

/** What nobody has approved yet is the business of whoever asked and decides; from then on operators stop it as well. */
function mayEnd(request: ProvisioningRequest, actor: Actor): boolean {
  if (samePerson(request.requester, actor) || actor.roles.includes('approver')) return true;
  return isBeyondApproval(request) && mayOperate(actor);
}

function isBeyondApproval({ state }: ProvisioningRequest): boolean {
  return state !== 'planning' && state !== 'awaiting-approval';
}

function requestStop(request: ProvisioningRequest, actor: Actor, context: GateContext): Transition {
  if (request.stopRequestedBy) {
    return {
      kind: 'refused',
      code: 'already',
      reason: 'The run has already been asked to stop and roll back.',
      audit: null,
    };
  }
  const message: Effect = { kind: 'message', runId: runCall(request).id, topic: 'operator', key: `${request.id}:stop` };
  // Whatever it stood still for, taking back goes on.
  const next = { ...request, stopRequestedBy: personOf(actor), pause: null };
  return moved(next, context, [message, card(request)], audit(request, 'stop', actor, {}));
}
