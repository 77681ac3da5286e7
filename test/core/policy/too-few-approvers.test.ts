import { describe, expect, it } from 'vitest';
import type { Person } from '../../../src/core/person.ts';
import type { PolicyRule } from '../../../src/core/policy/approval-policy.ts';
import type { RoleSource } from '../../../src/core/policy/role-source.ts';
import { tooFewApprovers } from '../../../src/core/policy/too-few-approvers.ts';
import { ada, ben, dora, person, rita } from '../../support/people.ts';
import { policyDocument, usualRoles } from '../../support/policy.ts';

const ada2 = person('Ada 2', '14', 'approver');

interface Ring {
  readonly members: readonly Person[];
  readonly rule?: Partial<PolicyRule>;
  readonly editors?: readonly Person[];
  readonly offersSignIn?: boolean;
}

/** Rita asks for a plan of high risk; why nobody could approve it. */
async function why({ members, rule = {}, editors = [], offersSignIn = false }: Ring): Promise<string | undefined> {
  const roles: RoleSource = {
    ...usualRoles,
    offersSignIn,
    membersOf: () => Promise.resolve(members.map(({ objectId }) => objectId)),
  };
  const { rules } = policyDocument();
  const owners = { [ada2.objectId]: ada.objectId };
  const document = policyDocument({ rules: { ...rules, high: { ...rules.high, ...rule } }, owners });
  return (await tooFewApprovers(roles, { document }, { requester: rita, editors }, 'high'))?.message;
}

describe('a set of approvers', () => {
  it.each([
    ['is empty', { members: [] }, 'needs 1 of approvers, and nobody beside you'],
    ['is the requester alone', { members: [rita] }, 'nobody beside you'],
    ['has one where two are needed', { members: [rita, ada], rule: { quorum: 2 } }, '1 person beside you'],
    ['has one person with two accounts', { members: [ada, ada2], rule: { quorum: 2 } }, '1 person beside you'],
    ['has nobody without a hand in the plan', { members: [ben], editors: [ben] }, 'nobody beside you'],
    [
      'has one, and a fresh sign-in is not offered',
      { members: [ada], rule: { proofOfPerson: 'fresh-sign-in-or-two' } },
      'needs 2 of approvers',
    ],
    [
      'would have to sign in where that is not offered',
      { members: [ada, ben, dora], rule: { proofOfPerson: 'fresh-sign-in' } },
      'a fresh sign-in, which is not set up here',
    ],
  ] as const)('is too small when it %s', async (_what, ring, words) => {
    expect(await why(ring as Ring)).toContain(words);
  });

  it.each([
    ['one is enough', { members: [ada] }],
    ['two are there', { members: [rita, ada, ben], rule: { quorum: 2 } }],
    ['one can sign in', { members: [ada], rule: { proofOfPerson: 'fresh-sign-in-or-two' }, offersSignIn: true }],
  ] as const)('will do when %s', async (_what, ring) => {
    expect(await why(ring as Ring)).toBeUndefined();
  });
});
