import type { ProvisioningRequest } from './request.ts';
import type { GateContext, RequestEvent, Transition } from './request-event.ts';
import { endEarly } from './transitions/ending.ts';
import { planEvent } from './transitions/planning.ts';
import { runEvent } from './transitions/running.ts';
import { vote } from './transitions/voting.ts';

/**
 * The one gate: every change of a request goes through this pure function, and is then saved with compare-and-swap.
 * The same request, event and context always give the same answer.
 */
export function transition(request: ProvisioningRequest, event: RequestEvent, context: GateContext): Transition {
  switch (event.type) {
    case 'planned':
    case 'plan-refused':
    case 'confirmed':
    case 'superseded':
      return planEvent(request, event, context);
    case 'approve':
    case 'deny':
      return vote(request, event, context);
    case 'cancel':
    case 'stop':
    case 'expire':
      return endEarly(request, event, context);
    case 'run-started':
    case 'step':
    case 'proof':
    case 'completed':
    case 'undone':
    case 'undo-failed':
      return runEvent(request, event, context);
  }
}
