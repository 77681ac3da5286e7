import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/person.ts';
import type { PolicyRule } from '../../../src/core/policy/approval-policy.ts';
import { type Decided, quorumOf } from '../../../src/core/policy/quorum.ts';
import { samplePlan } from '../../../src/views/samples.ts';
import { ada, ben, dora, person, rita } from '../../support/people.ts';
import { policyDocument } from '../../support/policy.ts';

const at = '2026-11-21T14:00:00.000Z';
const ada2 = person('Ada 2', '14', 'approver');

type Approval = readonly [actor: Actor, signedInAt?: string | null, digest?: string];

function decided(approvals: readonly Approval[], change: Partial<Decided> = {}): Decided {
  const decisions = approvals.map(([{ tenantId, objectId, name, rings }, signedInAt = null, digest]) => ({
    verdict: 'approve' as const,
    by: { tenantId, objectId, name },
    at,
    digest: digest ?? samplePlan.digest,
    voided: false,
    rings,
    signedInAt,
  }));
  return { requester: rita, editors: [], plan: samplePlan, decisions, ...change };
}

function policyWith(high: Partial<PolicyRule>) {
  const { rules } = policyDocument();
  const owners = { [ada2.objectId]: ada.objectId };
  return { document: policyDocument({ rules: { ...rules, high: { ...rules.high, ...high } }, owners }) };
}

const two = policyWith({ quorum: 2 });
const freshOrTwo = policyWith({ proofOfPerson: 'fresh-sign-in-or-two' });
const fresh = policyWith({ proofOfPerson: 'fresh-sign-in' });
const justNow = '2026-11-21T13:55:00.000Z';
const longAgo = '2026-11-21T13:40:00.000Z';
const sixMinutesAgo = '2026-11-21T13:54:00.000Z';

describe('a quorum', () => {
  it.each([
    ['nobody', two, [], '0 of 2 approvals; still needed: 2 of approvers.'],
    ['one of two', two, [[ada]], '1 of 2 approvals; still needed: one more of approvers.'],
    ['two accounts of one person', two, [[ada], [ada2]], '1 of 2 approvals; still needed: one more of approvers.'],
    ['the requester', two, [[ada], [rita]], '1 of 2 approvals; still needed: one more of approvers.'],
    [
      'an approval of another plan',
      two,
      [[ada], [ben, null, 'aa']],
      '1 of 2 approvals; still needed: one more of approvers.',
    ],
    [
      'one click where a fresh sign-in is worth two',
      freshOrTwo,
      [[ada]],
      '1 of 2 approvals; still needed: one more of approvers; a fresh sign-in of one is enough.',
    ],
    [
      'a sign-in of twenty minutes ago',
      freshOrTwo,
      [[ada, longAgo]],
      '1 of 2 approvals; still needed: one more of approvers; a fresh sign-in of one is enough.',
    ],
    [
      'two clicks where only fresh sign-ins count',
      fresh,
      [[ada], [ben]],
      '0 of 1 approvals; still needed: one of approvers, with a fresh sign-in.',
    ],
    [
      'a sign-in of six minutes ago',
      freshOrTwo,
      [[ada, sixMinutesAgo]],
      '1 of 2 approvals; still needed: one more of approvers; a fresh sign-in of one is enough.',
    ],
  ] as const)('is not met by %s, and says what is missing', (_who, policy, approvals, standing) => {
    expect(quorumOf(decided(approvals), policy)).toMatchObject({ isMet: false, standing });
  });

  it.each([
    ['two people', two, [[ada], [ben]]],
    ['two of three, one with two accounts', two, [[ada], [ada2], [dora]]],
    ['one fresh sign-in', freshOrTwo, [[ada, justNow]]],
    ['two clicks in place of it', freshOrTwo, [[ada], [ben]]],
    ['a click and then a fresh sign-in of the same person', freshOrTwo, [[ada], [ada, justNow]]],
  ] as const)('is met by %s', (_who, policy, approvals) => {
    expect(quorumOf(decided(approvals), policy)).toMatchObject({ isMet: true, standing: '' });
  });

  it('does not count whoever caused the plan to be as it is', () => {
    expect(quorumOf(decided([[ada], [ben]], { editors: [ben] }), two).isMet).toBe(false);
  });

  it('does not count a ring that the risk does not ask for', () => {
    const cleo: Actor = { ...person('Cleo', '13', 'approver'), rings: ['seconds'] };
    expect(quorumOf(decided([[ada], [cleo]]), two).approvals).toHaveLength(1);
  });
});
