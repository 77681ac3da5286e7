import { describe, expect, it } from 'vitest';
import { offersTo, withEveryRole } from '../../src/core/offers.ts';
import type { Actor } from '../../src/core/person.ts';
import { approvalPolicy } from '../../src/core/policy/approval-policy.ts';
import { isOpen, type ProvisioningRequest } from '../../src/core/request.ts';
import { samplePlan } from '../../src/views/samples.ts';
import { ada, ben, eve, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';
import { sampleRequest } from '../support/sample-request.ts';

const now = new Date('2026-11-21T09:00:00Z');
const breakGlass = { people: [ben.objectId], groups: [], answerWithinHours: 4 };
const policy = approvalPolicy({ ...policyDocument(), breakGlass });
const gus: Actor = { ...eve, isGuest: true };
const operator: Actor = { ...ben, roles: ['approver', 'operator', 'break-glass'] };

function waiting(change: Partial<ProvisioningRequest> = {}): ProvisioningRequest {
  return {
    ...sampleRequest('c0000000-0000-4000-8000-000000000001', now),
    state: 'awaiting-approval',
    plan: { ...samplePlan, policy: policy.version },
    requester: rita,
    ...change,
  };
}

const decide = ['approve', 'cancel'];

describe('what a card offers', () => {
  it('to the requester is to withdraw and to hold, not to decide', () => {
    expect(offersTo(rita, waiting(), policy, now)).toEqual(['cancel', 'hold', 'release', 'answer', 'review']);
  });

  it('to an approver is to decide, and to an operator named for emergencies everything', () => {
    expect(offersTo(ada, waiting(), policy, now)).toEqual(expect.arrayContaining(decide));
    expect(offersTo(ada, waiting(), policy, now)).not.toContain('break-glass');
    expect(offersTo(ada, waiting(), policy, now)).not.toContain('pause');
    const everything = ['approve', 'cancel', 'break-glass', 'pause', 'resume', 'retry', 'hold', 'release'];
    expect(offersTo(operator, waiting(), policy, now)).toEqual(expect.arrayContaining(everything));
  });

  it('to a guest, and to somebody without a role, is nothing that would be done', () => {
    for (const nobody of [gus, eve]) {
      expect(offersTo(nobody, waiting(), policy, now)).toEqual(['answer', 'review']);
    }
  });

  it('is not to decide to somebody whose change made the plan as it is', () => {
    expect(offersTo(ada, waiting({ editors: [ada] }), policy, now)).not.toContain('approve');
  });

  it('to answer for an emergency start is for who made it, to review it for others', () => {
    const broken = {
      by: operator,
      at: now.toISOString(),
      reason: 'x',
      planVersion: 1,
      digest: '',
      answerBy: now.toISOString(),
      answer: { text: 'x', at: now.toISOString() },
      review: null,
      reminded: 0,
    };
    const request = waiting({ state: 'done', breakGlass: broken });
    expect(isOpen(request.state)).toBe(false);
    expect(offersTo(operator, request, policy, now)).not.toContain('review');
    expect(offersTo(operator, request, policy, now)).toContain('answer');
    expect(offersTo(ada, request, policy, now)).toContain('review');
    expect(offersTo(ada, request, policy, now)).not.toContain('answer');
  });

  it('keeps the requester from deciding while it cannot be read which roles they have', () => {
    expect(offersTo(withEveryRole(rita, policy), waiting(), policy, now)).not.toContain('approve');
    expect(offersTo(withEveryRole(ada, policy), waiting(), policy, now)).toContain('approve');
  });
});
