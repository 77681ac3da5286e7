import type { Audience, Notice } from '../notice.ts';
import type { ProofProgress, ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import type { Effect } from '../store.ts';
import { finish } from './finish.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';

/** A run reports how far it is. */
export function runEvent(
  request: ProvisioningRequest,
  event: EventOf<'run-started' | 'step' | 'proof' | 'completed' | 'undone' | 'undo-failed'>,
  context: GateContext,
): Transition {
  const expected = event.type === 'run-started' ? 'approved' : 'running';
  if (request.state !== expected) return wrongState(request, event.type);
  switch (event.type) {
    case 'run-started':
      return moved({ ...request, state: 'running' }, context, [card(request)], audit(request, 'run-started', null, {}));
    case 'step': {
      if (request.steps[event.index]?.status === event.status) return marked(request, event);
      const steps = request.steps.map((step, index) =>
        index === event.index ? { ...step, status: event.status } : step,
      );
      const entry = audit(request, `step-${event.status}`, null, {
        step: event.index,
        ...callOf(request, event.index),
      });
      return moved({ ...request, steps }, context, [card(request)], entry);
    }
    case 'proof':
      return moved(
        { ...request, proof: event.proof },
        context,
        [card(request), ...settled(request, event.proof)],
        null,
      );
    case 'completed': {
      const done = finish(request, 'done', event.outcome, context, 'completed', [
        event.proven ? 'proven' : 'finished',
        event.proven ? 'good' : 'attention',
      ]);
      if (done.kind === 'refused' || !event.setUp) return done;
      return { ...done, effects: [{ kind: 'set-up', setUp: event.setUp }, ...done.effects] };
    }
    case 'undone':
    case 'undo-failed': {
      const audiences: Audience[] =
        event.type === 'undone' ? ['thread', 'requester'] : ['thread', 'requester', 'operators'];
      return finish(request, event.type, event.outcome, context, event.type, [event.type, 'bad'], audiences);
    }
  }
}

/** A step that is done again after a crash reports again; it counts once. */
function marked(request: ProvisioningRequest, event: EventOf<'step'>): Transition {
  const reason = `Step ${event.index} of ${request.id} is marked ${event.status} already.`;
  return { kind: 'refused', code: 'already', reason, audit: null };
}

/** The first look after the settling time is worth a notice of its own; later attempts only edit the card. */
function settled(request: ProvisioningRequest, proof: ProofProgress): Effect[] {
  if (proof.status !== 'proving' || request.proof?.status !== 'settling') return [];
  const notice: Notice = {
    kind: 'settled',
    requestId: request.id,
    headline: `${request.id}: the change has settled in ${request.tenant.name}, the proof begins`,
    body: `${proof.title}: ${proof.needed} agreeing answers are needed.`,
    details: [],
    tone: 'neutral',
  };
  return tell(request, 'settled', notice, ['thread']);
}

function callOf(request: ProvisioningRequest, index: number): { cmdlet?: string } {
  const call = request.plan?.changes[index]?.call;
  return call ? { cmdlet: call.cmdlet } : {};
}
