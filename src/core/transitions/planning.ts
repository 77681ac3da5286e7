import { planHash } from '../kept-plan.ts';
import type { Notice } from '../notice.ts';
import { isEmptyPlan, type Plan } from '../plan.ts';
import { differencesBetween, type PlanDifference } from '../plan-difference.ts';
import { planEditors } from '../policy/plan-editors.ts';
import { quorumOf } from '../policy/quorum.ts';
import type { Outcome, ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import type { AuditEntry } from '../store.ts';
import { utcMoment } from '../utc-moment.ts';
import { finish } from './finish.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';
import { isOld, planAnew, planUnderNewPolicy, voided } from './replanning.ts';
import { startConfirmed } from './start-when-allowed.ts';

/** A plan was made: the first one, or one from fresh reads after an approval. */
export function planEvent(
  request: ProvisioningRequest,
  event: EventOf<'planned' | 'plan-refused' | 'confirmed' | 'superseded' | 'policy-changed'>,
  context: GateContext,
): Transition {
  switch (event.type) {
    case 'planned':
      return planned(request, event, context);
    case 'plan-refused':
      if (!isRefusable(request, event)) return wrongState(request);
      return finish(voided(request), 'refused', afterApproval(request, event.outcome), context, 'plan-refused', [
        'refused',
        'bad',
      ]);
    case 'confirmed':
      return confirmed(request, event, context);
    case 'superseded':
      return supersede(request, event, context);
    case 'policy-changed':
      return planUnderNewPolicy(request, context);
  }
}

/** Whether a plan was being made, or the approved one confirmed, as whoever reports this found it. */
function isRefusable({ state }: ProvisioningRequest, { planVersion }: EventOf<'plan-refused'>): boolean {
  return planVersion === undefined ? state === 'planning' : state === 'confirming' || state === 'approved';
}

type PlanMade = EventOf<'planned' | 'confirmed' | 'superseded'>;

function planned(request: ProvisioningRequest, event: EventOf<'planned'>, context: GateContext): Transition {
  if (request.state !== 'planning') return wrongState(request);
  if (isOld(event.plan, context)) return planAnew(request, context);
  return isEmptyPlan(event.plan)
    ? finish(request, 'nothing-to-do', nothingToDo(request, event), context, 'planned')
    : awaitDecision(request, event, context);
}

function confirmed(request: ProvisioningRequest, event: EventOf<'confirmed'>, context: GateContext): Transition {
  if (request.state !== 'confirming') return wrongState(request);
  if (isOld(event.plan, context)) return planAnew(request, context);
  if (event.plan.digest !== request.plan?.digest) return supersede(request, event, context);
  return startConfirmed(
    { ...request, state: 'approved', plan: event.plan, behind: event.behind ?? null },
    context,
    audit(request, 'confirmed', null, planDetail(event.plan, request.planVersion)),
  );
}

/** Whoever approved must read that it no longer counts. */
function afterApproval(request: ProvisioningRequest, outcome: Outcome): Outcome {
  if (request.state === 'planning') return outcome;
  const why = 'The approval no longer counts, because the plan could not be confirmed after it.';
  return { ...outcome, message: `${why} ${outcome.message}` };
}

function supersede(request: ProvisioningRequest, event: PlanMade, context: GateContext): Transition {
  const { plan } = event;
  if (!['confirming', 'approved'].includes(request.state)) return wrongState(request);
  if (isOld(plan, context)) return planAnew(request, context);
  if (isEmptyPlan(plan)) {
    const cleared = audit(request, 'cleared', null, planDetail(plan, request.planVersion));
    return finish(request, 'nothing-to-do', nothingToDo(request, event), context, cleared);
  }
  const next = awaitDecision(voided(request), { ...event, type: 'superseded' }, context);
  if (next.kind === 'refused') return next;
  const notice: Notice = {
    kind: 'superseded',
    requestId: request.id,
    headline: `${request.id}: ${request.tenant.name} has changed, the approval no longer counts`,
    body: 'The tenant is no longer as the approved plan assumed, so nothing was written. The card shows what changed and asks for a new approval.',
    details: [...meanwhileIn(event), ...next.request.differences.slice(0, 12).map(nameOf)],
    tone: 'attention',
  };
  return {
    ...next,
    effects: [
      ...next.effects,
      ...tell(next.request, `superseded:${next.request.planVersion}`, notice, ['thread', 'requester']),
    ],
  };
}

function awaitDecision(
  request: ProvisioningRequest,
  { type, plan, behind = null }: PlanMade,
  context: GateContext,
): Transition {
  const editors = planEditors(request, context.policy);
  const { standing: approvalStanding } = quorumOf({ ...request, editors, plan, decisions: [] }, context.policy);
  const planVersion = request.planVersion + 1;
  const kept = { requestId: request.id, version: planVersion, at: context.now.toISOString(), plan };
  return moved(
    {
      ...request,
      state: 'awaiting-approval',
      editors,
      approvalStanding,
      differences: request.plan ? differencesBetween(request.plan, plan) : [],
      title: plan.title,
      // A newer program may have planned: the run must be the one of the plan that is approved.
      version: plan.version,
      plan,
      behind,
      planVersion,
      nonce: context.nonce,
      decideBy: new Date(context.now.getTime() + context.policy.document.decideWithinMinutes * 60_000).toISOString(),
      steps: plan.changes.map(({ title }) => ({ title, status: 'waiting' })),
      proofs: [],
    },
    context,
    [{ kind: 'plan', kept }, card(request)],
    audit(request, type, null, planDetail(plan, planVersion)),
  );
}

/** What the audit trail says of a plan: what an approval binds to, and the whole plan with every word of it. */
function planDetail(plan: Plan, planVersion: number): AuditEntry['detail'] {
  return { digest: plan.digest, planVersion, planHash: planHash(plan) };
}

function nameOf({ subject, field }: PlanDifference): string {
  return field === null ? subject : `${subject} · ${field}`;
}

function nothingToDo(request: ProvisioningRequest, event: PlanMade): Outcome {
  const { plan } = event;
  const said = meanwhileIn(event);
  const stranger = `Somebody made it so after ${request.id} was planned, and not with Switchyard: the audit log of Exchange Online tells who.`;
  const who = said.length > 0 ? said : request.plan === null ? [] : [stranger];
  const message = [`${plan.tenant.name} already is as wanted; nothing was written.`, ...who].join(' ');
  return { code: 'nothing-to-do', message, next: '', left: [] };
}

/** Who did it meanwhile, as a sentence; empty when nobody of ours did. */
function meanwhileIn({ meanwhile }: PlanMade): string[] {
  if (!meanwhile) return [];
  const { id, title, requester, approvers, at } = meanwhile;
  const approved = approvers.length > 0 ? ` and approved by ${approvers.join(' and ')}` : '';
  return [`${id} (${title}), asked for by ${requester}${approved}, did it by ${utcMoment(at)}.`];
}
