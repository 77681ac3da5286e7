import { type BreakGlass, isAloneUnderWay } from '../break-glass.ts';
import { plusSeconds } from '../clock.ts';
import type { Clocks } from '../clocks.ts';
import { nextDueOf } from '../due.ts';
import { type PolicyDocument, ruleFor } from '../policy/approval-policy.ts';
import { type StartTerms, startOutlook, startTerms } from '../policy/start-terms.ts';
import { isOpen, type ProvisioningRequest } from '../request.ts';
import type { GateContext } from '../request-event.ts';

/** When the current plan of a request may start, by the policy in force. */
export function termsOf({ plan }: Pick<ProvisioningRequest, 'plan'>, document: PolicyDocument): StartTerms {
  return startTerms(document, ruleFor(document, plan?.risk ?? 'high'));
}

/** The request with its clocks set anew, after whatever has just changed it. Every transition passes through here. */
export function clocked(
  before: ProvisioningRequest,
  after: ProvisioningRequest,
  context: GateContext,
): ProvisioningRequest {
  const breakGlass = withTimeToAnswer(before, after, context.now);
  const next = { ...after, breakGlass, clocks: clocksOf(before, after, context) };
  const nextDue = nextDueOf(next, context.policy)?.toISOString() ?? null;
  return { ...next, clocks: { ...next.clocks, nextDue, duePolicy: context.policy.version } };
}

/** Seconds that whoever started it alone has at least, once it has ended: before that they could not answer. */
const shortestToAnswer = 3600;

function withTimeToAnswer(before: ProvisioningRequest, after: ProvisioningRequest, now: Date): BreakGlass | null {
  const { breakGlass } = after;
  if (!breakGlass || !isAloneUnderWay(before) || isAloneUnderWay(after)) return breakGlass;
  const soonest = plusSeconds(now, shortestToAnswer).toISOString();
  return breakGlass.answerBy < soonest ? { ...breakGlass, answerBy: soonest } : breakGlass;
}

function clocksOf(
  before: ProvisioningRequest,
  after: ProvisioningRequest,
  { now, policy: { document } }: GateContext,
): Clocks {
  const { clocks, state } = after;
  if (!isOpen(state) || state === 'running') return { ...clocks, startBy: null, hold: null };
  if (after.planVersion !== before.planVersion) {
    const fresh = { remindedTo: null, widened: 0, startBy: null, hold: null, starts: 0, unclearSince: null };
    const answerWithinHours = document.breakGlass?.answerWithinHours ?? null;
    return { ...clocks, ...fresh, terms: termsOf(after, document), answerWithinHours, awaitedSince: now.toISOString() };
  }
  if (state === 'confirming' && before.state !== 'confirming') {
    return { ...clocks, startBy: startOutlook(termsOf(after, document), now).by };
  }
  return state === 'confirming' || state === 'approved' ? clocks : { ...clocks, startBy: null, hold: null };
}
