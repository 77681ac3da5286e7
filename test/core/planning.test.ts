import { describe, expect, it } from 'vitest';
import { Confirmations } from '../../src/core/confirming.ts';
import { confirmFunction } from '../../src/core/planning.ts';
import { fixedPolicy } from '../../src/core/policy/policy-source.ts';
import { transition } from '../../src/core/transition.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { MemoryDurable } from '../support/memory-durable.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

const setUp = 'set up gateway exchangedefender for contoso.com';

async function planned() {
  const house = new MemorySwitchyard();
  await house.say(setUp);
  await house.settle();
  return house;
}

describe('a request that is older than the program', () => {
  it('is closed in words when its workflow is no longer known', async () => {
    const house = await planned();
    await house.click('approve', ada);
    const { id } = await house.request();
    const services = {
      gate: house.gate,
      confirmations: new Confirmations(),
      find: () => undefined,
      store: house.store,
      setUps: house.store,
      clock: house.world.clock,
      policies: fixedPolicy(house.policy),
      roles: house.roles,
      worldsOf: () => ({ fresh: house.world, readingBack: () => house.world, recent: house.world }),
      planningWorldOf: () => house.world,
      onDefect: () => undefined,
      commandLine: () => '',
    };
    const confirm = confirmFunction(services);
    const engine = new MemoryDurable([confirm], house.world.clock, () => Promise.resolve());
    await engine.start({ function: confirm.name, id: 'c', input: { requestId: id }, partition: null });
    await engine.carryOn();
    expect(await house.request()).toMatchObject({ state: 'refused', outcome: { code: 'unknown-workflow' } });
  });

  it('runs with the version of the workflow that made its plan', async () => {
    const house = await planned();
    await house.click('approve', ada);
    const request = await house.request();
    if (!request.plan) throw new Error('no plan');
    const plan = { ...request.plan, version: 2, digest: 'f'.repeat(64) };
    const context = { now: new Date('2026-11-21T09:00:00Z'), policy: house.policy, nonce: 'n' };
    const moved = transition(request, { type: 'superseded', plan }, context);
    if (moved.kind !== 'moved') throw new Error(moved.reason);
    expect(runCall(moved.request).function).toBe('set-up-gateway@2');
  });
});
