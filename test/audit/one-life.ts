import type { Change } from '../../src/core/change.ts';
import type { Clock } from '../../src/core/clock.ts';
import { createGate } from '../../src/core/gate.ts';
import { type Plan, sealPlan } from '../../src/core/plan.ts';
import { fixedPolicy } from '../../src/core/policy/policy-source.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { RequestEvent } from '../../src/core/request-event.ts';
import type { RequestStore } from '../../src/core/store.ts';
import { ada, rita } from '../support/people.ts';
import { testPolicy } from '../support/policy.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

const policy = testPolicy();

const change: Change = {
  step: 'Set-InboundConnector',
  object: { kind: 'InboundConnector', identity: 'Switchyard inbound' },
  action: 'update',
  title: 'Switch it on',
  fields: [{ field: 'Enabled', before: false, after: true }],
  call: { cmdlet: 'Set-InboundConnector', parameters: { Identity: 'Switchyard inbound', Enabled: true } },
  inverse: { cmdlet: 'Set-InboundConnector', parameters: { Identity: 'Switchyard inbound', Enabled: false } },
  irreversible: null,
  risky: true,
};

function planOf({ tenant, title }: ProvisioningRequest): Plan {
  const lists = { guards: [], proofs: [], warnings: [], untouched: [], blastRadius: [] };
  const madeAt = '2026-11-21T09:00:00.000Z';
  return sealPlan(
    { workflow: 'lock-down', version: 1, tenant, title, facts: {}, changes: [change], madeAt, ...lists },
    { requester: rita, policyVersion: policy.version },
  );
}

/** A request from its beginning to its end, through the gate: asked, a refused click, approved, run, done. */
export async function liveOneLife(store: RequestStore, clock: Clock, tenantId?: string): Promise<ProvisioningRequest> {
  const request = sampleRequest(tenantId, clock.now());
  await store.create(request, [], { ...auditOf(request, 'requested'), source: { conversation: request.conversation } });
  const gate = createGate(store, clock, fixedPolicy(policy));
  const plan = planOf(request);
  await gate.submit(request.id, { type: 'planned', plan });
  const { nonce } = (await store.get(request.id)) ?? request;
  const events: RequestEvent[] = [
    { type: 'approve', actor: rita, digest: plan.digest, nonce },
    { type: 'approve', actor: ada, digest: plan.digest, nonce },
    { type: 'confirmed', plan },
    { type: 'run-started', approvers: [ada] },
    { type: 'step', index: 0, status: 'running' },
    { type: 'step', index: 0, status: 'done' },
    { type: 'completed', outcome: { code: 'none', message: 'Done.', next: '', left: [] }, setUp: null, proof: 'none' },
  ];
  for (const event of events) await gate.submit(request.id, event);
  const ended = await store.get(request.id);
  if (ended?.state !== 'done') throw new Error(`the request ended ${ended?.state}`);
  return ended;
}
