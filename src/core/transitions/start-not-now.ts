import type { ProvisioningRequest } from '../request.ts';
import type { GateContext, Transition } from '../request-event.ts';
import { audit, wrongState } from './moved.ts';
import { holdBack, holdOf } from './start-when-allowed.ts';
import { startExpired } from './timely.ts';

/** A run gets its turn: too late, or after its window has closed, it does not begin. Null when it may. */
export function startNotNow(request: ProvisioningRequest, context: GateContext): Transition | null {
  const { startBy } = request.clocks;
  // Nobody has asked for this run: it is an earlier one that comes late.
  if (request.clocks.hold) return wrongState(request);
  if (startBy !== null && new Date(startBy) <= context.now) return startExpired(request, context);
  const hold = holdOf(request, context);
  return hold && holdBack(request, hold, context, audit(request, 'held-back', null, { until: hold.until }));
}
