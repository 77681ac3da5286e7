import { type BreakGlass, isAloneUnderWay } from './break-glass.ts';
import { type ApprovalPolicy, type PolicyDocument, ruleFor } from './policy/approval-policy.ts';
import { nextQuietEnd } from './policy/calendar.ts';
import { isOpen, type ProvisioningRequest } from './request.ts';

/** What happens to a request because time has passed, the one that ends it first in front. */
export const timeEvents = ['expire', 'start-expired', 'start-due', 'widen', 'remind', 'remind-review'] as const;

/** What happens to a request because time has passed. */
export type TimeEvent = (typeof timeEvents)[number];

/** Something that is to happen at a time. */
export interface Due {
  readonly at: Date;
  readonly event: TimeEvent;
}

/** Everything that time still has in store for a request, in no order. */
export function duesOf(request: ProvisioningRequest, { document }: Pick<ApprovalPolicy, 'document'>): Due[] {
  return [...reviewDues(request, document), ...(isOpen(request.state) ? openDues(request, document) : [])];
}

/** When the next thing is due, null when nothing is. */
export function nextDueOf(request: ProvisioningRequest, policy: Pick<ApprovalPolicy, 'document'>): Date | null {
  return duesOf(request, policy).toSorted((left, right) => left.at.getTime() - right.at.getTime())[0]?.at ?? null;
}

/** What is due now; of several things the one that makes the others pointless. */
export function dueNow(
  request: ProvisioningRequest,
  policy: Pick<ApprovalPolicy, 'document'>,
  now: Date,
): TimeEvent | null {
  const due = duesOf(request, policy).filter(({ at }) => at <= now);
  return timeEvents.find((event) => due.some((one) => one.event === event)) ?? null;
}

function openDues(request: ProvisioningRequest, document: PolicyDocument): Due[] {
  const { state, clocks, decideBy } = request;
  const { startBy, hold } = clocks;
  const dues: Due[] = [];
  if (state === 'awaiting-approval' && decideBy !== null) {
    dues.push({ at: new Date(decideBy), event: 'expire' }, ...decisionDues(request, new Date(decideBy), document));
  }
  if ((state === 'confirming' || state === 'approved') && startBy !== null) {
    dues.push({ at: new Date(startBy), event: 'start-expired' });
  }
  if (state === 'approved' && hold?.until) dues.push({ at: new Date(hold.until), event: 'start-due' });
  return dues;
}

function decisionDues(request: ProvisioningRequest, decideBy: Date, document: PolicyDocument): Due[] {
  const rung = rungsLeft(request, document)[0];
  const widening = wideningAt(request, document);
  return [
    ...(rung ? [{ at: outsideQuiet(rung, decideBy, document), event: 'remind' as const }] : []),
    ...(widening && widening < decideBy
      ? [{ at: outsideQuiet(widening, decideBy, document), event: 'widen' as const }]
      : []),
  ];
}

/** The moments of the reminder ladder that were not used yet, the first one in front. */
export function rungsLeft({ decideBy, clocks }: ProvisioningRequest, document: PolicyDocument): Date[] {
  const { awaitedSince, remindedTo } = clocks;
  if (decideBy === null || awaitedSince === null) return [];
  const used = new Date(remindedTo ?? awaitedSince);
  return document.remindBeforeMinutes
    .map((minutes) => new Date(Date.parse(decideBy) - minutes * 60_000))
    .filter((at) => at > used)
    .toSorted((left, right) => left.getTime() - right.getTime());
}

/** The ring that is asked next, null when all are asked. */
export function nextRing({ plan, clocks }: ProvisioningRequest, document: PolicyDocument): string | null {
  return ruleFor(document, plan?.risk ?? 'high').rings[clocks.widened + 1] ?? null;
}

function wideningAt(request: ProvisioningRequest, document: PolicyDocument): Date | null {
  const { awaitedSince, widened } = request.clocks;
  if (awaitedSince === null || nextRing(request, document) === null) return null;
  const { widenAfterMinutes } = ruleFor(document, request.plan?.risk ?? 'high');
  return new Date(Date.parse(awaitedSince) + (widened + 1) * widenAfterMinutes * 60_000);
}

/** People are left alone in quiet hours, unless it would be too late after them. */
export function outsideQuiet(at: Date, before: Date | null, { quietHours, timeZone }: PolicyDocument): Date {
  const end = nextQuietEnd(quietHours, timeZone, at);
  return end === null || (before && end >= before) ? at : end;
}

const hourMs = 3_600_000;

/**
 * Halfway to the deadline, at the deadline, and then every day until somebody has answered and somebody else reviewed.
 * Not before it has ended: until then neither is possible.
 */
function reviewDues(request: ProvisioningRequest, document: PolicyDocument): Due[] {
  const { breakGlass } = request;
  if (!breakGlass || breakGlass.review || isAloneUnderWay(request)) return [];
  return [{ at: outsideQuiet(reviewReminderAt(breakGlass), null, document), event: 'remind-review' }];
}

function reviewReminderAt({ at, answerBy, reminded }: BreakGlass): Date {
  const [start, end] = [Date.parse(at), Date.parse(answerBy)];
  return new Date(reminded === 0 ? (start + end) / 2 : end + (reminded - 1) * 24 * hourMs);
}
