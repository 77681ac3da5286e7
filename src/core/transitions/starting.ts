import { isBroken } from '../break-glass.ts';
import type { Notice } from '../notice.ts';
import { type Actor, samePerson } from '../person.ts';
import { quorumOf } from '../policy/quorum.ts';
import { barTo } from '../policy/who-may-decide.ts';
import type { Decision, Outcome, ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import { finish } from './finish.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';
import { planUnderNewPolicy } from './replanning.ts';
import { runCall } from './run-call.ts';
import { startNotNow } from './start-not-now.ts';

/** A run begins only if whoever asked may still ask, and enough of those who approved may still approve. */
export function startRun(
  request: ProvisioningRequest,
  event: EventOf<'run-started'>,
  context: GateContext,
): Transition {
  if (isAnotherRun(request, event)) return wrongState(request);
  if (request.plan?.policy !== context.policy.version) return planUnderNewPolicy(request, context);
  const untimely = startNotNow(request, context);
  if (untimely) return untimely;
  if (!isBroken(request) && mayAskNoMore(event)) return withoutRequester(request, context);
  const now = {
    ...request,
    decisions: request.decisions.map((decision) => asOfNow(decision, request, event, context)),
  };
  if (quorumOf(now, context.policy).isMet || mayStillBreak(request, event)) {
    const detail = { approvers: event.approvers.map(({ objectId }) => objectId) };
    return moved(
      // The plan as it reads now does the same; its words may be newer than those that were approved.
      { ...request, plan: event.plan ?? request.plan, state: 'running' },
      context,
      [card(request)],
      audit(request, 'run-started', null, detail),
    );
  }
  return askAgain(request, now, event, context);
}

/** In an emergency the person who starts it alone answers for it, whoever asked. */
function mayAskNoMore({ requester }: EventOf<'run-started'>): boolean {
  return requester !== undefined && (requester.isGuest || !requester.roles.includes('requester'));
}

/** Nobody's wish is carried out who could not have it any more: a window may open days after the approval. */
function withoutRequester(request: ProvisioningRequest, context: GateContext): Transition {
  const { name } = request.requester;
  const outcome: Outcome = {
    code: 'requester-lost',
    message: `${name} asked for it and may not ask for changes any more, so it was not started. Nothing was changed.`,
    next: 'A requester who wants it asks for it again.',
    left: [],
  };
  return finish(request, 'refused', outcome, context, 'requester-lost', ['refused', 'attention']);
}

/** A run that was slow to begin, of an earlier plan: what has been approved since is not what it would carry out. */
function isAnotherRun(request: ProvisioningRequest, { runId, plan }: EventOf<'run-started'>): boolean {
  const isOtherPlan = plan !== undefined && plan.digest !== request.plan?.digest;
  return isOtherPlan || (runId !== undefined && runId !== runCall(request).id);
}

/** An emergency start needs nobody else, but it needs the person to be somebody who may do that at this moment. */
function mayStillBreak(request: ProvisioningRequest, { approvers }: EventOf<'run-started'>): boolean {
  const { breakGlass } = request;
  if (!breakGlass || !isBroken(request)) return false;
  return approvers.some((one) => samePerson(one, breakGlass.by) && !one.isGuest && one.roles.includes('break-glass'));
}

/** A decision with the rights its maker has now; one who may no longer decide has none. */
function asOfNow(
  decision: Decision,
  request: ProvisioningRequest,
  { approvers }: EventOf<'run-started'>,
  { policy }: GateContext,
): Decision {
  const actor = approvers.find((one) => samePerson(one, decision.by));
  const mayStill = actor !== undefined && barTo(actor, request, policy) === null;
  return { ...decision, rings: mayStill ? actor.rings : [] };
}

/** The approvals that lost their ground are void; the others stand, and the rest is asked for again. */
function askAgain(
  request: ProvisioningRequest,
  now: ProvisioningRequest,
  { approvers }: EventOf<'run-started'>,
  context: GateContext,
): Transition {
  const standing = now.decisions.map(({ rings }) => rings.length > 0);
  const decisions = request.decisions.map((one, index) => ({ ...one, voided: one.voided || !standing[index] }));
  const lost = request.decisions.filter((one, index) => !one.voided && !standing[index]);
  const next: ProvisioningRequest = {
    ...request,
    state: 'awaiting-approval',
    decisions,
    approvalStanding: quorumOf({ ...request, decisions }, context.policy).standing,
    // The run of the old version has ended; the next one needs a name of its own.
    planVersion: request.planVersion + 1,
    nonce: context.nonce,
    decideBy: new Date(context.now.getTime() + context.policy.document.decideWithinMinutes * 60_000).toISOString(),
  };
  const notice: Notice = {
    kind: 'superseded',
    requestId: request.id,
    headline: `${request.id}: the approval no longer counts, nothing was started`,
    body: 'Not enough of those who approved may still do so, so nothing was written. The card asks for a new approval.',
    details: lost.map((one) => whatWasLost(one, approvers)),
    tone: 'attention',
  };
  return moved(
    next,
    context,
    [card(request), ...tell(next, `approval-lost:${next.planVersion}`, notice, ['thread', 'requester'])],
    audit(request, 'approval-lost', null, { lost: lost.map(({ by }) => by.objectId) }),
  );
}

function whatWasLost({ by, rings }: Decision, approvers: readonly Actor[]): string {
  const actor = approvers.find((one) => samePerson(one, by));
  const left = rings.filter((ring) => !actor?.rings.includes(ring));
  return left.length > 0
    ? `${by.name} is no longer in ${left.join(', ')}.`
    : `${by.name} may no longer decide on this.`;
}
