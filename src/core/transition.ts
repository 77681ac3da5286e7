import type { ProvisioningRequest } from './request.ts';
import type { GateContext, RequestEvent, Transition } from './request-event.ts';
import { afterReview } from './transitions/after-review.ts';
import { breakGlass } from './transitions/break-glass.ts';
import { clocked } from './transitions/clocked.ts';
import { endEarly } from './transitions/ending.ts';
import { wrongState } from './transitions/moved.ts';
import { operate } from './transitions/operating.ts';
import { planEvent } from './transitions/planning.ts';
import { runEvent } from './transitions/running.ts';
import { standStillEvent } from './transitions/standing-still.ts';
import { startUnclear } from './transitions/start-unclear.ts';
import { timeEvent } from './transitions/timely.ts';
import { vote } from './transitions/voting.ts';

/**
 * The one gate: every change of a request goes through this pure function, and is then saved with compare-and-swap.
 * The same request, event and context always give the same answer.
 */
export function transition(request: ProvisioningRequest, event: RequestEvent, context: GateContext): Transition {
  const decided = decide(request, event, context);
  return decided.kind === 'moved' ? { ...decided, request: clocked(request, decided.request, context) } : decided;
}

function decide(request: ProvisioningRequest, event: RequestEvent, context: GateContext): Transition {
  // About an approved plan whose place another one has taken.
  if ('planVersion' in event && event.planVersion !== request.planVersion) return wrongState(request);
  switch (event.type) {
    case 'planned':
    case 'plan-refused':
    case 'confirmed':
    case 'superseded':
    case 'policy-changed':
      return planEvent(request, event, context);
    case 'approve':
    case 'deny':
      return vote(request, event, context);
    case 'cancel':
    case 'stop':
    case 'expire':
      return endEarly(request, event, context);
    case 'pause':
    case 'resume':
    case 'retry':
    case 'hold':
    case 'release':
      return operate(request, event, context);
    case 'paused':
    case 'still-paused':
    case 'overdue':
    case 'take-back':
      return standStillEvent(request, event, context);
    case 'start-expired':
    case 'start-due':
    case 'widen':
    case 'remind':
    case 'look-again':
      return timeEvent(request, event.type, context);
    case 'break-glass':
      return breakGlass(request, event, context);
    case 'answer':
    case 'review':
    case 'remind-review':
      return afterReview(request, event, context);
    case 'start-unclear':
      return startUnclear(request, event, context);
    case 'run-started':
    case 'step':
    case 'proof':
    case 'completed':
    case 'undone':
    case 'undo-failed':
      return runEvent(request, event, context);
  }
}
