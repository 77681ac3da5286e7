import { describe, expect, it } from 'vitest';
import { createGate } from '../../src/core/gate.ts';
import { openRequest } from '../../src/core/request.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryPolicies } from '../support/memory-policies.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { gatewayMx, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';
import { planUnder } from './time-plan.ts';

const id = 'R-22222222';

/** A request whose first plan was approved, and whose second one, under another policy, was approved after that. */
async function approvedTwice() {
  const clock = new FakeClock('2026-11-23T09:00:00.000Z', true);
  const store = new MemoryStore();
  const policies = new MemoryPolicies(policyDocument());
  const gate = createGate(store, clock, policies);
  const request = async () => {
    const found = await store.get(id);
    if (!found?.plan) throw new Error('there is no plan');
    return { ...found, plan: found.plan };
  };
  const approve = async () => {
    const { plan, nonce } = await request();
    await gate.submit(id, { type: 'approve', actor: ben, digest: plan.digest, nonce });
    await gate.submit(id, { type: 'confirmed', plan });
  };
  const wanted = { id, workflow: 'w', version: 1, title: 'Lock down', tenant: { id: 't', name: 'Contoso' }, input: {} };
  const opened = openRequest({ ...wanted, requester: rita, conversation: 'c' }, 'nonce', clock.now());
  const detail = { action: 'requested', requestId: id, tenantId: 't', actor: rita, detail: {} };
  await store.create(opened, [], { ...detail, outcome: 'accepted' });
  await gate.submit(id, { type: 'planned', plan: planUnder(policies.inForce, 'a') });
  await approve();
  const first = await request();
  await policies.add(1, policyDocument({ decideWithinMinutes: 77 }), 'R-33333333');
  await gate.submit(id, { type: 'policy-changed' });
  await gate.submit(id, { type: 'planned', plan: planUnder(policies.inForce, 'b') });
  await approve();
  return { gate, first, request };
}

describe('a run that was slow to begin', () => {
  it('does not begin with a plan other than the one that is approved by now', async () => {
    const { gate, first, request } = await approvedTwice();
    expect((await request()).state).toBe('approved');
    const late = await gate.submit(id, { type: 'run-started', approvers: [ben], plan: first.plan });
    expect(late).toMatchObject({ kind: 'refused', code: 'wrong-state' });
    expect((await request()).state).toBe('approved');
  });

  it('does not begin in the place of the run that is awaited by now', async () => {
    const { gate, first, request } = await approvedTwice();
    const now = await request();
    const started = { type: 'run-started', approvers: [ben], plan: now.plan } as const;
    const late = await gate.submit(id, { ...started, runId: runCall(first).id });
    expect(late).toMatchObject({ kind: 'refused', code: 'wrong-state' });
    const awaited = await gate.submit(id, { ...started, runId: runCall(now).id });
    expect(awaited).toMatchObject({ kind: 'moved', request: { state: 'running' } });
  });

  it('writes nothing when its request got another plan, which was approved, while the approvers were looked up', async () => {
    const house = new MemorySwitchyard();
    await house.carryThrough('set up gateway exchangedefender for contoso.com');
    house.moveMx();
    await house.say('lock down contoso.com');
    await house.settle();
    const { id: requestId } = await house.request();
    const { roles } = house;
    let isSlow = true;
    house.roles = {
      ...roles,
      actor: async (person) => {
        if (isSlow) {
          isSlow = false;
          const before = await house.request();
          if (!before.plan) throw new Error('there is no plan');
          await house.policies.add(1, policyDocument({ decideWithinMinutes: 77 }), 'R-33333333');
          await house.gate.submit(requestId, { type: 'policy-changed' });
          const plan = { ...before.plan, policy: house.policy.version, digest: 'f'.repeat(64) };
          await house.gate.submit(requestId, { type: 'planned', plan });
          const { nonce } = await house.request();
          await house.gate.submit(requestId, { type: 'approve', actor: ada, digest: plan.digest, nonce });
          await house.gate.submit(requestId, { type: 'confirmed', plan });
        }
        return roles.actor(person);
      },
    };
    house.world.exchange.invoked.length = 0;
    house.world.dns.setMx('contoso.com', [gatewayMx]);
    await house.click('approve', ada);
    await house.post();
    await house.engine.carryOn();
    await house.post();
    await house.engine.carryOn();
    expect(isSlow).toBe(false);
    expect(house.sent()).toEqual([]);
    const { state, planVersion } = await house.request();
    expect({ state, planVersion }).toEqual({ state: 'approved', planVersion: 2 });
  });
});
