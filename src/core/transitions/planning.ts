import type { Notice } from '../notice.ts';
import { differencesBetween, isEmptyPlan, type Plan } from '../plan.ts';
import type { Outcome, ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import { finish } from './finish.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';
import { runCall } from './run-call.ts';

/** A plan was made: the first one, or one from fresh reads after an approval. */
export function planEvent(
  request: ProvisioningRequest,
  event: EventOf<'planned' | 'plan-refused' | 'confirmed' | 'superseded'>,
  context: GateContext,
): Transition {
  switch (event.type) {
    case 'planned':
      if (request.state !== 'planning') return wrongState(request, context);
      return isEmptyPlan(event.plan)
        ? finish(request, 'nothing-to-do', nothingToDo(event.plan), context, 'planned')
        : awaitDecision(request, event, context);
    case 'plan-refused':
      if (!['planning', 'confirming', 'approved'].includes(request.state)) return wrongState(request, context);
      return finish(voided(request), 'refused', afterApproval(request, event.outcome), context, 'plan-refused', [
        'refused',
        'bad',
      ]);
    case 'confirmed':
      if (request.state !== 'confirming') return wrongState(request, context);
      if (event.plan.digest !== request.plan?.digest) return supersede(request, event, context);
      return moved(
        { ...request, state: 'approved', plan: event.plan, behind: event.behind ?? null },
        context,
        [{ kind: 'start', call: runCall(request) }, card(request)],
        audit(request, 'confirmed', null, { digest: event.plan.digest }),
      );
    case 'superseded':
      return supersede(request, event, context);
  }
}

type PlanMade = EventOf<'planned' | 'confirmed' | 'superseded'>;

/** The decisions lose their force; they stay on record. */
function voided(request: ProvisioningRequest): ProvisioningRequest {
  return { ...request, decisions: request.decisions.map((decision) => ({ ...decision, voided: true })) };
}

/** Whoever approved must read that it no longer counts. */
function afterApproval(request: ProvisioningRequest, outcome: Outcome): Outcome {
  if (request.state === 'planning') return outcome;
  const why = 'The plan could not be confirmed by fresh reads after the approval, so the approval no longer counts.';
  return { ...outcome, message: `${why} ${outcome.message}` };
}

function supersede(request: ProvisioningRequest, event: PlanMade, context: GateContext): Transition {
  const { plan } = event;
  if (!['confirming', 'approved'].includes(request.state)) return wrongState(request, context);
  if (isEmptyPlan(plan)) return finish(request, 'nothing-to-do', nothingToDo(plan), context, 'superseded');
  const differences = request.plan ? differencesBetween(request.plan, plan) : [];
  const next = awaitDecision({ ...voided(request), differences }, { ...event, type: 'superseded' }, context);
  if (next.kind === 'refused') return next;
  const notice: Notice = {
    kind: 'superseded',
    requestId: request.id,
    headline: `${request.id}: ${request.tenant.name} has changed, the approval no longer counts`,
    body: 'The tenant is no longer as the approved plan assumed, so nothing was written. The card shows what changed and asks for a new approval.',
    details: differences.slice(0, 12).map(({ subject }) => subject),
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
  return moved(
    {
      ...request,
      state: 'awaiting-approval',
      title: plan.title,
      // A newer program may have planned: the run must be the one of the plan that is approved.
      version: plan.version,
      plan,
      behind,
      planVersion: request.planVersion + 1,
      nonce: context.nonce,
      decideBy: new Date(context.now.getTime() + context.policy.decideWithinSeconds * 1000).toISOString(),
      steps: plan.changes.map(({ title }) => ({ title, status: 'waiting' })),
      proofs: [],
    },
    context,
    [card(request)],
    audit(request, type, null, { digest: plan.digest }),
  );
}

function nothingToDo(plan: Plan): Outcome {
  return {
    code: 'nothing-to-do',
    message: `${plan.tenant.name} already is as wanted; nothing was written.`,
    next: '',
    left: [],
  };
}
