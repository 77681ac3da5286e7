import {
  type ApprovalPolicy,
  approvalPolicy,
  approvalPolicySchema,
  type PolicyDocument,
} from '../../src/core/policy/approval-policy.ts';
import type { RoleSource } from '../../src/core/policy/role-source.ts';
import { ada, ben, dora, omar, rita } from './people.ts';

const rule = { rings: ['approvers'], quorum: 1, proofOfPerson: 'click' };

/** A policy as most tests need it: one approver of three decides on everything with a click. */
export function policyDocument(changes: Partial<PolicyDocument> = {}): PolicyDocument {
  const ids = (people: readonly { readonly objectId: string }[]) => ({
    people: people.map(({ objectId }) => objectId),
  });
  const usual = approvalPolicySchema.parse({
    requesters: ids([rita, omar, dora]),
    operators: ids([omar]),
    rings: { approvers: ids([ada, ben, dora]) },
    rules: { none: rule, normal: rule, high: rule },
    decideWithinMinutes: 60,
    startWithinMinutes: 240,
    remindBeforeMinutes: [],
    quietHours: null,
    changeWindows: [],
    freezes: [],
    breakGlass: null,
    owners: {},
  });
  return { ...usual, ...changes };
}

/** The policy in force in most tests. */
export function testPolicy(changes: Partial<PolicyDocument> = {}): ApprovalPolicy {
  return approvalPolicy(policyDocument(changes));
}

/** Roles that never change: everybody is who they were made as, and the ring has the usual people. */
export const usualRoles: RoleSource = {
  offersSignIn: false,
  actor: (person) => {
    const known = [rita, omar, ada, ben, dora].find(({ objectId }) => objectId === person.objectId);
    const nobody = { ...person, roles: [], rings: [], isGuest: false, freshSignInAt: null };
    return Promise.resolve(known ?? nobody);
  },
  membersOf: () => Promise.resolve([ada, ben, dora].map(({ objectId }) => objectId)),
};

/** Somebody who is in no ring yet. */
export const cleoId = '11111111-0000-4000-8000-000000000013';
