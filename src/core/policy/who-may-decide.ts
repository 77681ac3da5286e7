import type { Actor } from '../person.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { RefusalCode } from '../request-event.ts';
import { type ApprovalPolicy, ruleFor } from './approval-policy.ts';
import { isOnePerson } from './one-person.ts';
import { hasHandIn } from './quorum.ts';

/** Why somebody may not decide. */
export interface Bar {
  readonly code: RefusalCode;
  /** In words for them, with who can decide instead. */
  readonly reason: string;
}

/** Why this person may not decide on this request under this policy; null when they may. */
export function barTo(
  actor: Actor,
  request: ProvisioningRequest,
  { document }: Pick<ApprovalPolicy, 'document'>,
): Bar | null {
  const { requester } = request;
  if (actor.tenantId !== requester.tenantId || actor.isGuest) {
    const reason = 'Guests and people of other organisations cannot decide here. An approver of this one has to do it.';
    return { code: 'not-allowed', reason };
  }
  if (isOnePerson(requester, actor, document)) {
    return { code: 'own-request', reason: 'You asked for this change, so another approver has to decide it.' };
  }
  if (!actor.roles.includes('approver')) {
    return {
      code: 'not-allowed',
      reason: 'Only an approver can decide, and you are not one here. Somebody of the approvers has to do it.',
    };
  }
  const { rings } = ruleFor(document, request.plan?.risk ?? 'high');
  if (!actor.rings.some((ring) => rings.includes(ring))) {
    const reason = `Plans of ${request.plan?.risk ?? 'high'} risk are decided by ${rings.join(' or ')}, and you do not belong to them.`;
    return { code: 'not-allowed', reason };
  }
  if (hasHandIn(request, actor, document)) {
    const reason = 'This plan is as it is because of a change you asked for, so another approver has to decide it.';
    return { code: 'plan-editor', reason };
  }
  return null;
}
