import type { Notice } from '../notice.ts';
import type { Plan } from '../plan.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { GateContext, Transition } from '../request-event.ts';
import type { Effect } from '../store.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';

/** A plan names the policy it was made under, so it is made again; what was decided under the old one is void. */
export function planUnderNewPolicy(request: ProvisioningRequest, context: GateContext): Transition {
  if (!['awaiting-approval', 'approved'].includes(request.state)) return wrongState(request);
  if (!isOutdated(request, context)) {
    const reason = `The plan of ${request.id} was made under the present policy.`;
    return { kind: 'refused', code: 'already', reason, audit: null };
  }
  return planAnew(request, context);
}

/** The plan is made again under the present policy, and the decisions on the old one are void. */
export function planAnew(request: ProvisioningRequest, context: GateContext): Transition {
  const call = {
    function: 'plan-request@1',
    id: `${request.id}:plan:${request.revision}`,
    input: { requestId: request.id },
    partition: null,
  };
  const next = { ...voided(request), state: 'planning' as const, nonce: context.nonce, decideBy: null };
  const entry = audit(request, 'policy-changed', null, { policy: context.policy.version });
  return moved(next, context, [{ kind: 'start', call }, card(request), ...votesLost(request)], entry);
}

/** Whether a plan that is still to be decided on, or to be started, was made under another policy. */
export function isOutdated({ state, plan }: ProvisioningRequest, { policy }: GateContext): boolean {
  return (state === 'awaiting-approval' || state === 'approved') && plan?.policy !== policy.version;
}

/** Whether the policy has changed while the plan was being made. */
export function isOld(plan: Plan, { policy }: GateContext): boolean {
  return plan.policy !== policy.version;
}

/** Whoever has voted must read that it no longer counts. */
function votesLost(request: ProvisioningRequest): Effect[] {
  const lost = request.decisions.filter((decision) => !decision.voided);
  if (lost.length === 0) return [];
  const notice: Notice = {
    kind: 'superseded',
    requestId: request.id,
    headline: `${request.id}: the approval policy has changed, the approval no longer counts`,
    body: 'The plan is made again under the new policy. The card then asks for a new approval.',
    details: lost.map(({ by }) => `The decision of ${by.name} no longer counts.`),
    tone: 'attention',
  };
  return tell(request, `policy-changed:${request.planVersion}`, notice, ['thread', 'requester']);
}

/** The decisions lose their force; they stay on record. */
export function voided(request: ProvisioningRequest): ProvisioningRequest {
  return { ...request, decisions: request.decisions.map((decision) => ({ ...decision, voided: true })) };
}
