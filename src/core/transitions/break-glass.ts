import {
  type BreakGlass,
  changesThePolicy,
  debtOf,
  isAloneUnderWay,
  isBroken,
  mayBeStartedAlone,
  owed,
} from '../break-glass.ts';
import type { Notice } from '../notice.ts';
import { isOnePerson } from '../policy/one-person.ts';
import type { Bar } from '../policy/who-may-decide.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { Breaking, GateContext, Transition } from '../request-event.ts';
import { utcMoment } from '../utc-moment.ts';
import { tellAnswerOwed } from './answer-owed.ts';
import { audit, personOf, tell } from './moved.ts';
import { standing } from './standing.ts';
import { confirmAndStart, startWhenAllowed } from './start-when-allowed.ts';

/** Letters of a reason below which it explains nothing. */
const shortestReason = 10;
const neverThePolicy =
  'The approval policy is never changed by one person alone, not even in an emergency: an approver has to decide. Where none is left, whoever runs Switchyard sets APPROVAL_POLICY_RESET.';

/** One person starts a planned request alone, because it cannot wait for others. Loud, on record, and to be answered for. */
export function breakGlass(request: ProvisioningRequest, event: Breaking, context: GateContext): Transition {
  const bar = barToBreaking(request, event, context);
  if (bar) {
    const entry = {
      ...audit(request, 'break-glass', event.actor, { refused: bar.code }, 'refused'),
      reason: bar.reason,
    };
    return { kind: 'refused', ...bar, audit: bar.code === 'already' ? null : entry };
  }
  const broken = brokenBy(request, event, context);
  const next = { ...request, breakGlass: broken, decideBy: null, approvalStanding: '' };
  const detail = { digest: broken.digest, reason: broken.reason, answerBy: broken.answerBy };
  const entry = audit(request, 'break-glass', event.actor, detail);
  const loud = tell(next, `break-glass:${request.planVersion}`, loudNotice(next, broken), [
    'thread',
    'requester',
    'operators',
  ]);
  const told = [...loud, ...tellAnswerOwed(next, broken, context.now)];
  const started =
    request.state === 'approved' ? startWhenAllowed(next, context, entry) : confirmAndStart(next, context, entry);
  return started.kind === 'moved' ? { ...started, effects: [...started.effects, ...told] } : started;
}

function brokenBy(request: ProvisioningRequest, { actor, reason }: Breaking, { now, policy }: GateContext): BreakGlass {
  const hours = policy.document.breakGlass?.answerWithinHours ?? 24;
  const answerBy = new Date(now.getTime() + hours * 3_600_000).toISOString();
  // Starting it once more does not put off the answer that is owed for the first time.
  const owedBy = owed(request) === 'answer' ? request.breakGlass?.answerBy : undefined;
  return {
    by: personOf(actor),
    at: now.toISOString(),
    reason: reason.trim(),
    planVersion: request.planVersion,
    digest: request.plan?.digest ?? '',
    answerBy: owedBy !== undefined && owedBy < answerBy ? owedBy : answerBy,
    answer: null,
    review: null,
    reminded: 0,
  };
}

function loudNotice(request: ProvisioningRequest, { by, reason, answerBy }: BreakGlass): Notice {
  return {
    kind: 'break-glass',
    requestId: request.id,
    headline: `${request.id}: BREAK-GLASS – ${by.name} started it alone: ${request.title}`,
    body: `Missing approvals, change windows and freezes were passed over. Once it has ended ${by.name} has to say what happened, by ${utcMoment(answerBy)}, and somebody else has to review it; until then ${by.name} can ask for nothing else and decide on nothing. If this should not happen, stop it on its card now.`,
    details: [`Reason: ${reason}`],
    tone: 'bad',
    urgent: true,
  };
}

function barToBreaking(request: ProvisioningRequest, event: Breaking, context: GateContext): Bar | null {
  const { actor, reason, digest, nonce } = event;
  if (isBroken(request) && request.breakGlass && isOnePerson(request.breakGlass.by, actor, context.policy.document)) {
    return { code: 'already', reason: `You have started ${request.id} alone already.` };
  }
  const person = barToPerson(request, event, context) ?? barByEarlier(request, event, context);
  if (person) return person;
  if (changesThePolicy(request.plan)) return { code: 'not-allowed', reason: neverThePolicy };
  if (!mayBeStartedAlone(request)) {
    return { code: 'wrong-state', reason: `${standing(request)} There is nothing to start.` };
  }
  if (request.decideBy !== null && new Date(request.decideBy) <= context.now) {
    return { code: 'wrong-state', reason: `The time to decide on ${request.id} has passed. Ask again.` };
  }
  if (digest.length < 16 || !request.plan?.digest.startsWith(digest) || nonce !== request.nonce) {
    return { code: 'stale', reason: 'This is about an older plan. Read the current card of the request first.' };
  }
  if (request.plan.policy !== context.policy.version) {
    return {
      code: 'stale',
      reason: 'The approval policy has changed since this plan was made. It is being made again.',
    };
  }
  if (reason.trim().length >= shortestReason) return null;
  return { code: 'reason-needed', reason: 'Say why it cannot wait for an approval: others will read and review it.' };
}

/** A request keeps one emergency start: another person's would take the place of one that is still owed an answer for. */
function barByEarlier(request: ProvisioningRequest, { actor }: Breaking, { policy }: GateContext): Bar | null {
  const { id, breakGlass } = request;
  if (!breakGlass || owed(request) === null || isOnePerson(breakGlass.by, actor, policy.document)) return null;
  const { name } = breakGlass.by;
  const reason = `${name} started ${id} alone before, and that is not reviewed yet. ${name} can start it again, an approver can approve it, or cancel it and ask anew.`;
  return { code: 'owes-answer', reason };
}

function barToPerson(
  request: ProvisioningRequest,
  { actor }: Breaking,
  { policy, debts = [] }: GateContext,
): Bar | null {
  if (policy.document.breakGlass === null) {
    return {
      code: 'not-allowed',
      reason: 'The approval policy lets nobody start a run alone. An approver has to decide.',
    };
  }
  const isOurs = actor.tenantId === request.requester.tenantId && !actor.isGuest;
  if (!isOurs || !actor.roles.includes('break-glass')) {
    const reason =
      'Only the people the approval policy names for emergencies may start a run alone, and you are not one.';
    return { code: 'not-allowed', reason };
  }
  // Only an answer they could give: an emergency waits neither for a reviewer nor for the end of another run.
  const unanswered = debts.filter((one) => owed(one) === 'answer' && one.id !== request.id && !isAloneUnderWay(one));
  const debt = debtOf(unanswered);
  return debt === null ? null : { code: 'owes-answer', reason: debt };
}
