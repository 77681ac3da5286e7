import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/core/gate.ts';
import type { RequestEvent, Transition } from '../../src/core/request-event.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, rita } from '../support/people.ts';

async function planned() {
  const house = new MemorySwitchyard();
  await house.say('set up gateway exchangedefender for contoso.com');
  await house.settle();
  const request = await house.request();
  const card = { digest: request.plan?.digest.slice(0, 16) ?? '', nonce: request.nonce };
  const submit = (event: RequestEvent) => house.gate.submit(request.id, event);
  return { house, request, card, submit };
}

function count(results: readonly Transition[]): Record<string, number> {
  const names = results.map((result) => (result.kind === 'moved' ? 'moved' : result.code));
  return Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]));
}

describe('the gate under load', () => {
  it('takes one of fifty simultaneous clicks of one approver', async () => {
    const { house, card, submit } = await planned();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => submit({ type: 'approve', actor: ada, ...card })),
    );
    expect(count(results)).toEqual({ moved: 1, already: 49 });
    expect((await house.request()).decisions).toHaveLength(1);
    const starts = house.store.effects.flatMap((effect) => (effect.kind === 'start' ? [effect.call.function] : []));
    expect(starts).toEqual(['plan-request@1', 'confirm-request@1', 'set-up-gateway@1']);
  });

  it('takes the first of two approvers who click in the same moment', async () => {
    const { submit, card } = await planned();
    const both = [ada, ben].map((actor) => submit({ type: 'approve', actor, ...card }));
    expect(count(await Promise.all(both))).toEqual({ moved: 1, 'wrong-state': 1 });
  });

  it.each([
    [['approve', 'deny', 'cancel', 'expire']],
    [['expire', 'cancel', 'deny', 'approve']],
    [['deny', 'expire', 'approve', 'cancel']],
  ] as const)('gives one outcome when %j race', async (order) => {
    const { house, submit, card } = await planned();
    const late = order[0] === 'expire';
    if (late) house.world.clock.advance(house.policy.document.decideWithinMinutes * 60);
    const events: Record<(typeof order)[number], RequestEvent> = {
      approve: { type: 'approve', actor: ada, ...card },
      deny: { type: 'deny', actor: ben, ...card },
      cancel: { type: 'cancel', actor: rita },
      expire: { type: 'expire' },
    };
    const before = await house.request();
    const results = await Promise.all(order.map((type) => submit(events[type])));
    const moved = order.filter((_type, index) => results[index]?.kind === 'moved');
    const after = await house.request();
    // An approved request can still be withdrawn before anything was written; nothing else comes after a decision.
    const outcomes = ['approve', 'deny', 'expire', 'cancel', 'approve cancel'];
    expect(outcomes).toContain(moved.toSorted().join(' '));
    const last = moved.includes('cancel') ? 'cancel' : (moved[0] ?? 'expire');
    const states = { approve: 'confirming', deny: 'denied', expire: 'expired', cancel: 'cancelled' };
    expect(after.state).toBe(states[last]);
    expect(after.revision).toBe(before.revision + moved.length);
    await house.settle();
    expect(house.sent()).toEqual([]);
  });

  it('says which request it does not know', async () => {
    const { house } = await planned();
    const gate: Gate = house.gate;
    await expect(gate.submit('R-22222222', { type: 'expire' })).rejects.toThrow('There is no request R-22222222.');
  });

  it('records who was refused and why', async () => {
    const { house, submit, card } = await planned();
    await submit({ type: 'approve', actor: rita, ...card });
    expect(house.store.audit.at(-1)).toMatchObject({
      action: 'approve',
      outcome: 'refused',
      actor: { name: 'Rita' },
      detail: { refused: 'own-request' },
    });
  });
});
