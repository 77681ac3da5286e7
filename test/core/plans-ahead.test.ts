import { setImmediate as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { planOnce } from '../../src/core/plan-again.ts';
import { confirmFunction } from '../../src/core/planning.ts';
import { PlansAhead } from '../../src/core/plans-ahead.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { confirmCall } from '../../src/core/transitions/confirm-call.ts';
import { workflows } from '../../src/workflows/index.ts';
import { MemoryDurable } from '../support/memory-durable.ts';
import { setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

const find = (name: string) => workflows.find((one) => one.name === name);

/** A house in which a plan waits for a decision, and what is begun ahead there. */
async function planned() {
  const house = new MemorySwitchyard();
  await house.say(setUp);
  await house.settle();
  const clock = { now: 0 };
  const made: ProvisioningRequest[] = [];
  const make = async (request: ProvisioningRequest) => {
    made.push(request);
    const workflow = find(request.workflow);
    return workflow && planOnce(workflow, house.runServices, request, 'new');
  };
  const ahead = new PlansAhead(make, () => clock.now);
  return { house, clock, made, ahead, gate: ahead.watching(house.gate) };
}

async function vote({ house, gate }: Awaited<ReturnType<typeof planned>>, type: 'approve' | 'deny', actor = ada) {
  const { id, plan, nonce } = await house.request();
  return gate.submit(id, { type, actor, digest: plan?.digest.slice(0, 16) ?? '', nonce });
}

describe('core/plans-ahead', () => {
  it('has the plan begun once the approval is stored, and the run takes that one', async () => {
    const begun = await planned();
    await vote(begun, 'approve');
    const { house, made, ahead } = begun;
    expect(made).toEqual([await house.request()]);
    const { id, state, planVersion } = await house.request();
    expect(state).toBe('confirming');

    const own = vi.spyOn(house.world.exchange, 'lists');
    const confirm = confirmFunction(house.runServices, find, ahead);
    const engine = new MemoryDurable([confirm], house.world.clock, () => Promise.resolve());
    await engine.start(confirmCall({ id, planVersion }));
    await engine.carryOn();
    expect((await house.request()).state).toBe('approved');
    expect([made.length, own.mock.calls.length]).toEqual([1, 0]);
  });

  it('begins nothing for a vote that starts nothing', async () => {
    const begun = await planned();
    const { id, nonce } = await begun.house.request();
    await begun.gate.submit(id, { type: 'approve', actor: ada, digest: '0'.repeat(16), nonce });
    await vote(begun, 'deny');
    expect((await begun.house.request()).state).toBe('denied');
    expect(begun.made).toEqual([]);
  });

  it('gives a plan once, to the run it is for, and within five seconds', async () => {
    const begun = await planned();
    const { ahead, clock } = begun;
    await vote(begun, 'approve');
    const { id } = confirmCall(await begun.house.request());
    expect(await ahead.take(`${id}0`)).toBeUndefined();
    expect(await ahead.take(id)).toMatchObject({ kind: 'plan' });
    expect(await ahead.take(id)).toBeUndefined();

    const late = await planned();
    await vote(late, 'approve');
    await vi.waitFor(() => expect(late.made).toHaveLength(1));
    await pause();
    late.clock.now = clock.now + 5001;
    expect(await late.ahead.take(confirmCall(await late.house.request()).id)).toBeUndefined();
  });

  it('is waited for however long it takes to be made', async () => {
    const begun = await planned();
    const { clock, house } = begun;
    const making = Promise.withResolvers<undefined>();
    const ahead = new PlansAhead(
      () => making.promise.then(() => ({ kind: 'refused' }) as never),
      () => clock.now,
    );
    await vote({ ...begun, gate: ahead.watching(house.gate) }, 'approve');
    clock.now += 60_000;
    const taken = ahead.take(confirmCall(await house.request()).id);
    making.resolve(undefined);
    expect(await taken).toEqual({ kind: 'refused' });
  });

  it('leaves the vote alone when the plan cannot be made, and the run makes its own', async () => {
    const begun = await planned();
    const ahead = new PlansAhead(() => {
      throw new Error('no');
    });
    expect(await vote({ ...begun, gate: ahead.watching(begun.house.gate) }, 'approve')).toMatchObject({
      kind: 'moved',
    });
    expect(await ahead.take(confirmCall(await begun.house.request()).id)).toBeUndefined();
  });
});
