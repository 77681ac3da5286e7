import { describe, expect, it } from 'vitest';
import { entitled, policyFaults } from '../../src/core/audit/policy-evidence.ts';
import { policyVersionOf } from '../../src/core/policy/approval-policy.ts';
import { samplePlan, sampleRequest } from '../../src/views/samples.ts';
import { ada, ben } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

const breakGlass = { people: [ben.objectId], groups: [], answerWithinHours: 4 };
const document = policyDocument({ breakGlass });
const version = policyVersionOf(document);
const plan = { ...samplePlan, policy: version, risk: 'high' as const };
const kept = [{ requestId: sampleRequest.id, version: 1, at: plan.madeAt, plan }];
const policies = [{ version, document }];

const approvedBy = (rings: readonly string[]) => ({
  plan,
  decisions: [
    {
      verdict: 'approve' as const,
      by: ada,
      at: plan.madeAt,
      digest: plan.digest,
      voided: false,
      rings,
      signedInAt: null,
    },
  ],
});

describe('the policy in a bundle', () => {
  it('answers who could decide, who did and by which ring, and who could have passed them over', () => {
    const { holds, fact } = entitled(approvedBy(['approvers']), policies);
    expect(holds).toBe(true);
    expect(fact).toContain('risk high; could decide: approvers (');
    expect(fact).toContain(ada.objectId);
    expect(fact).toContain('Ada in approvers');
    expect(fact).toContain(`could start it alone: ${ben.objectId}`);
  });

  it('does not hold for somebody of no ring, and says nothing where it is missing', () => {
    expect(entitled(approvedBy([]), policies)).toMatchObject({ holds: false });
    expect(entitled(approvedBy(['approvers']), [])).toMatchObject({ holds: null });
  });

  it('is found out when it was edited or is of no plan', () => {
    const fault = `Policy ${version} is not the policy that the plans name.`;
    expect(policyFaults(policies, kept)).toEqual([]);
    expect(policyFaults([{ version, document: policyDocument() }], kept)).toEqual([fault]);
    expect(policyFaults(policies, [])).toEqual([fault]);
  });

  it('cannot be left out, because the plan names it', () => {
    expect(policyFaults([], kept)).toEqual([
      `Policy ${version}, under which a plan of the bundle was made, is missing.`,
    ]);
  });
});
