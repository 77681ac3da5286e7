import type { Change } from '../../src/core/change.ts';
import type { Actor } from '../../src/core/person.ts';
import { type Plan, sealPlan } from '../../src/core/plan.ts';
import { type ApprovalPolicy, approvalPolicy, type PolicyRule } from '../../src/core/policy/approval-policy.ts';
import { ada, ben, dora, eve, omar, person, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

// The people, policies and plans that random stories of the gate are made of.

/** Second accounts, a guest, somebody of another organisation with Ada's object id, and two whom nobody asks. */
const cleo: Actor = { ...person('Cleo', '13', 'approver'), rings: ['seconds'] };
const ada2 = person('Ada, second account', '14', 'approver');
const rita2 = person('Rita, second account', '16', 'approver');
const gus: Actor = { ...person('Gus', '21', 'approver'), isGuest: true };
const mallory: Actor = { ...ada, name: 'Mallory', tenantId: 'ffffffff-0000-4000-8000-00000000000f' };
const nora: Actor = { ...person('Nora', '18'), rings: ['approvers'] };
const olga = person('Olga', '19', 'operator');
const lena: Actor = { ...person('Lena', '17', 'approver'), rings: ['others'] };

export const people: readonly Actor[] = [
  rita,
  omar,
  ada,
  ben,
  cleo,
  dora,
  eve,
  ada2,
  rita2,
  gus,
  mallory,
  nora,
  lena,
  olga,
];

/** Those who may decide on something, one of them with two accounts. */
export const deciders: readonly Actor[] = [ada, ada2, ben, cleo];

/** Whose account it is, said without the product's help. */
export function humanOf({ tenantId, objectId }: Pick<Actor, 'tenantId' | 'objectId'>): string {
  const owner = { [ada2.objectId]: ada.objectId, [rita2.objectId]: rita.objectId }[objectId] ?? objectId;
  return `${tenantId} ${owner}`;
}

const click: PolicyRule = {
  rings: ['approvers'],
  quorum: 1,
  proofOfPerson: 'click',
  widenAfterMinutes: 60,
  inChangeWindow: false,
};

function policyWith(normal: Partial<PolicyRule>, high: Partial<PolicyRule>, changedBy: Actor | null): ApprovalPolicy {
  const { requesters } = policyDocument();
  const document = policyDocument({
    requesters,
    rings: { approvers: { people: [], groups: [] }, seconds: { people: [], groups: [] } },
    rules: { none: click, normal: { ...click, ...normal }, high: { ...click, ...high } },
    decideWithinMinutes: 10,
    owners: { [ada2.objectId]: ada.objectId, [rita2.objectId]: rita.objectId },
  });
  return approvalPolicy(document, changedBy);
}

const both = ['approvers', 'seconds'];

/** One approver; two of two rings, asked for by Ben; a fresh sign-in or two; a fresh sign-in of two. */
export const policies: readonly ApprovalPolicy[] = [
  policyWith({}, {}, null),
  policyWith({ rings: both, quorum: 2 }, { rings: both, quorum: 2 }, ben),
  policyWith({}, { rings: both, proofOfPerson: 'fresh-sign-in-or-two' }, null),
  policyWith({ proofOfPerson: 'fresh-sign-in' }, { rings: both, quorum: 2, proofOfPerson: 'fresh-sign-in' }, omar),
];

export const decideWithinSeconds = 600;

/** Two plans of normal risk, one of high risk, and one with nothing to do. */
export type PlanName = 'a' | 'b' | 'grave' | 'empty';

const plans = new Map<string, Plan>();

/** The plan of that name under a policy. */
export function planOf(name: PlanName, policyVersion: string): Plan {
  const key = `${name} ${policyVersion}`;
  const plan = plans.get(key) ?? makePlan(name, policyVersion);
  plans.set(key, plan);
  return plan;
}

function makePlan(name: PlanName, policyVersion: string): Plan {
  const after = name === 'empty' ? '' : name;
  const change: Change = {
    step: 'Set-InboundConnector',
    object: { kind: 'InboundConnector', identity: 'x' },
    action: name === 'empty' ? 'no-op' : 'update',
    title: 'change x',
    fields: [{ field: 'SenderDomains', before: '', after }],
    call: name === 'empty' ? null : { cmdlet: 'Set-InboundConnector', parameters: { SenderDomains: after } },
    inverse: { cmdlet: 'Set-InboundConnector', parameters: { SenderDomains: '' } },
    irreversible: null,
    risky: name === 'grave',
  };
  const lists = { guards: [], proofs: [], warnings: [], untouched: [], blastRadius: [] };
  const draft = { workflow: 'w', version: 1, tenant: { id: 't', name: 'contoso' }, title: 'plan', facts: {} };
  return sealPlan(
    { ...draft, ...lists, changes: [change], madeAt: '2026-11-21T09:00:00.000Z' },
    { requester: rita, policyVersion },
  );
}
