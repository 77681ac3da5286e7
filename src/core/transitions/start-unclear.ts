import type { Notice } from '../notice.ts';
import type { Outcome, ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';
import { planAnew } from './replanning.ts';
import { runCall } from './run-call.ts';
import { startNotNow } from './start-not-now.ts';

const minuteMs = 60_000;
const longestPauseMinutes = 10;

/**
 * Somebody did not answer, which says nothing about the plan: the approval stays, nothing is written, and the start is
 * tried again until its time is over.
 */
export function startUnclear(
  request: ProvisioningRequest,
  { outcome, runId }: EventOf<'start-unclear'>,
  context: GateContext,
): Transition {
  const awaited = runId === undefined ? request.state === 'confirming' : isAwaited(request, runId);
  if (!awaited) return wrongState(request);
  if (request.plan?.policy !== context.policy.version) return planAnew(request, context);
  const approved = { ...request, state: 'approved' as const };
  const untimely = startNotNow(approved, context);
  if (untimely) return untimely;
  const unclear = inWords(outcome);
  const unclearSince = request.clocks.unclearSince ?? context.now.toISOString();
  const until = nextTry(new Date(unclearSince), context.now).toISOString();
  const hold = { until, freeze: null, unclear };
  const next: ProvisioningRequest = { ...approved, clocks: { ...request.clocks, hold, unclearSince } };
  const entry = audit(request, 'start-unclear', null, { code: outcome.code, until });
  const isNews = request.clocks.unclearSince === null;
  const told = tell(next, `unclear:${request.planVersion}`, notYet(request, unclear), ['thread', 'requester']);
  return moved(next, context, [card(request), ...(isNews ? told : [])], entry);
}

/** As long again as it has lasted, between a minute and ten. */
function nextTry(since: Date, now: Date): Date {
  const lastedMinutes = (now.getTime() - since.getTime()) / minuteMs;
  return new Date(now.getTime() + Math.min(longestPauseMinutes, Math.max(1, lastedMinutes)) * minuteMs);
}

function isAwaited(request: ProvisioningRequest, runId: string): boolean {
  return request.state === 'approved' && runCall(request).id === runId;
}

/** What nobody could tell, as sentences. */
function inWords({ message, next, blockers = [] }: Outcome): string {
  const facts = blockers.map(({ rule, fact, remedy }) => `${rule} ${fact} ${remedy}`);
  return [message, ...facts, next].filter((part) => part !== '').join(' ');
}

function notYet({ id, clocks }: ProvisioningRequest, unclear: string): Notice {
  const { startBy } = clocks;
  const by =
    startBy === null ? '' : ` until ${startBy.slice(0, 16).replace('T', ' ')} UTC; after that it needs a new one`;
  return {
    kind: 'scheduled',
    requestId: id,
    headline: `${id}: approved – cannot start yet`,
    body: `Nothing was written, because nobody could tell whether everything is still as it was approved. The approval stays, and the start is tried again every few minutes${by}.`,
    details: [unclear],
    tone: 'attention',
  };
}
