import type { Change } from '../../src/core/change.ts';
import { type Plan, sealPlan } from '../../src/core/plan.ts';
import type { ApprovalPolicy } from '../../src/core/policy/approval-policy.ts';
import { rita } from '../support/people.ts';

const plans = new Map<string, Plan>();

/** A plan of high risk with one change, made under a policy; other values and kinds of object give other digests. */
export function planUnder({ version }: ApprovalPolicy, value: string, kind = 'InboundConnector'): Plan {
  const key = `${value} ${kind} ${version}`;
  const plan = plans.get(key) ?? makePlan(version, value, kind);
  plans.set(key, plan);
  return plan;
}

function makePlan(policyVersion: string, value: string, kind: string): Plan {
  const change: Change = {
    step: 'Set-InboundConnector',
    object: { kind, identity: 'x' },
    action: 'update',
    title: 'change x',
    fields: [{ field: 'Enabled', before: '', after: value }],
    call: { cmdlet: 'Set-InboundConnector', parameters: { Identity: 'x', Enabled: value } },
    inverse: null,
    irreversible: 'a test',
    risky: true,
  };
  return sealPlan(
    {
      workflow: 'w',
      version: 1,
      tenant: { id: 't', name: 'contoso' },
      title: 'plan',
      facts: {},
      changes: [change],
      guards: [],
      proofs: [],
      warnings: [],
      untouched: [],
      blastRadius: [],
      madeAt: '2026-10-24T20:00:00.000Z',
    },
    { requester: rita, policyVersion },
  );
}
