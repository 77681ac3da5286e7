import type { ProvisioningRequest } from '../core/request.ts';
import { clean } from './text.ts';
import { localMoment } from './time.ts';

const risks = { none: 'No risk', normal: 'Normal risk', high: 'High risk' } as const;

/** How far the approval of the present plan is: what is missing, and who has approved so far. */
export function approvalModel({ plan, approvalStanding, decisions }: ProvisioningRequest) {
  const counting = decisions.filter(({ voided, digest }) => !voided && digest === plan?.digest);
  return {
    risk: risks[plan?.risk ?? 'high'],
    approvals: clean(approvalStanding, 300),
    hasApprovals: approvalStanding !== '',
    approvedBy: counting.slice(-5).map(({ by, at, signedInAt }) => ({
      text: `Approved by ${clean(by.name, 80)} at ${localMoment(at)}${signedInAt === null ? '' : ', freshly signed in'}`,
    })),
  };
}
