import { duesOf, nextDueOf, nextRing, outsideQuiet, rungsLeft, type TimeEvent } from '../due.ts';
import type { Notice } from '../notice.ts';
import { ruleFor } from '../policy/approval-policy.ts';
import { holdInWords } from '../policy/start-terms.ts';
import { isOpen, type Outcome, type ProvisioningRequest } from '../request.ts';
import type { GateContext, Transition } from '../request-event.ts';
import { utcMoment } from '../utc-moment.ts';
import { termsOf } from './clocked.ts';
import { finish } from './finish.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';
import { isOutdated, planUnderNewPolicy } from './replanning.ts';
import { startWhenAllowed } from './start-when-allowed.ts';

/** Something is said to be due. Whether it is, is decided here by the request itself: a late or second call does nothing. */
export function timeEvent(
  request: ProvisioningRequest,
  event: Exclude<TimeEvent, 'expire' | 'remind-review'> | 'look-again',
  context: GateContext,
): Transition {
  if (event === 'look-again') return lookAgain(request, context);
  if (!isDue(request, event, context)) return wrongState(request);
  switch (event) {
    case 'start-expired':
      return startExpired(request, context);
    case 'start-due':
      return startDue(request, context);
    case 'widen':
      return widen(request, context);
    case 'remind':
      return remind(request, context);
  }
}

/** Whether time has brought this about. */
export function isDue(request: ProvisioningRequest, event: TimeEvent, { now, policy }: GateContext): boolean {
  return duesOf(request, policy).some((one) => one.event === event && one.at <= now);
}

/** The policy has changed, or was put right: when to look next is worked out again. */
function lookAgain(request: ProvisioningRequest, context: GateContext): Transition {
  if (isOutdated(request, context)) return planUnderNewPolicy(request, context);
  const { nextDue, duePolicy } = request.clocks;
  const same = nextDue === (nextDueOf(request, context.policy)?.toISOString() ?? null);
  if (same && duePolicy === context.policy.version) {
    const reason = `When something about ${request.id} is due next has not changed.`;
    return { kind: 'refused', code: 'already', reason, audit: null };
  }
  // An ended request is not what its last entry says any more, unless this is one.
  return moved(request, context, [], isOpen(request.state) ? null : audit(request, 'rescheduled', null, {}));
}

/** Too late to start: circumstances may have changed since the approval, so somebody has to look at it again. */
export function startExpired(request: ProvisioningRequest, context: GateContext): Transition {
  const terms = termsOf(request, context.policy.document);
  const { startBy, hold } = request.clocks;
  const held = hold ? ` ${holdInWords(hold, terms)}` : ' Its turn did not come.';
  const by = startBy === null ? 'in time' : `by ${utcMoment(startBy)}`;
  const outcome: Outcome = {
    code: 'start-expired',
    message: `It was approved, but could not start ${by}.${held} The approval no longer counts. Nothing was changed.`,
    next: 'Ask again when it can start; it needs a new approval.',
    left: [],
  };
  return finish(request, 'expired', outcome, context, 'start-expired', ['expired', 'attention']);
}

function startDue(request: ProvisioningRequest, context: GateContext): Transition {
  if (request.plan?.policy !== context.policy.version) return planUnderNewPolicy(request, context);
  return startWhenAllowed(request, context, audit(request, 'start-due', null, {}));
}

/** Nobody has decided for a while, so more people are asked. */
function widen(request: ProvisioningRequest, context: GateContext): Transition {
  const { document } = context.policy;
  const { rings, widenAfterMinutes } = ruleFor(document, request.plan?.risk ?? 'high');
  const ring = nextRing(request, document) ?? '';
  const widened = request.clocks.widened + 1;
  const asked = rings.slice(0, widened).join(' and ');
  const next = { ...request, clocks: { ...request.clocks, widened } };
  const notice: Notice = {
    kind: 'widened',
    requestId: request.id,
    headline: `${request.id}: ${ring} is asked too – ${request.title}`,
    body: `${asked} did not decide within ${widened * widenAfterMinutes} minutes. ${request.approvalStanding} Anybody of ${ring} can decide now on the card. ${expiry(request)}`,
    details: [],
    tone: 'attention',
    urgent: true,
  };
  const entry = audit(request, 'widened', null, { ring });
  return moved(
    next,
    context,
    [card(request), ...tell(next, `widened:${request.planVersion}:${widened}`, notice, ['thread'])],
    entry,
  );
}

/** Uses up every rung of the ladder that is due, with one reminder: after an outage nobody needs three. */
function remind(request: ProvisioningRequest, context: GateContext): Transition {
  const { document } = context.policy;
  const left = rungsLeft(request, document);
  const decideBy = request.decideBy === null ? null : new Date(request.decideBy);
  const used = left.filter((rung) => outsideQuiet(rung, decideBy, document) <= context.now);
  const remindedTo = used.at(-1)?.toISOString() ?? request.clocks.remindedTo;
  const next = { ...request, clocks: { ...request.clocks, remindedTo } };
  const isLast = used.length === left.length;
  const notice: Notice = {
    kind: 'reminder',
    requestId: request.id,
    headline: `${request.id}: still waits for a decision – ${request.title}`,
    body: `${request.approvalStanding} ${expiry(request)}`.trim(),
    details: [],
    tone: 'attention',
    urgent: true,
  };
  const told = tell(
    next,
    `remind:${request.planVersion}:${remindedTo}`,
    notice,
    isLast ? ['thread', 'requester'] : ['thread'],
  );
  return moved(next, context, told, audit(request, 'reminded', null, { rung: remindedTo }));
}

function expiry({ decideBy }: ProvisioningRequest): string {
  return decideBy === null ? '' : `Undecided it expires at ${utcMoment(decideBy)} and has to be asked for again.`;
}
