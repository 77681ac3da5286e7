import { describe, expect, it, vi } from 'vitest';
import { Confirmations, confirm, confirmingAtOnce } from '../../src/core/confirming.ts';
import { UnavailableError } from '../../src/core/errors.ts';
import { runAhead } from '../../src/core/run-ahead.ts';
import { StoreUnavailableError } from '../../src/core/store.ts';
import { confirmCall } from '../../src/core/transitions/confirm-call.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { houseFor } from '../support/memory-story.ts';
import { type MemorySwitchyard, officeMx } from '../support/memory-switchyard.ts';
import { ada, ben } from '../support/people.ts';
import { Desk } from './clock-desk.ts';

/** A house in which the plan of a lock-down waits for a decision, and a gate that has it confirmed at once. */
async function planned() {
  const house = await houseFor('lock-down');
  await house.say('lock down contoso.com');
  await house.settle();
  const reads = vi.spyOn(house.world.exchange, 'lists');
  const begun: Promise<unknown>[] = [];
  const gate = confirmingAtOnce(house.gate, (request) => {
    const confirming = confirm(house.runServices, request);
    begun.push(confirming);
    return confirming;
  });
  return { house, reads, begun, gate };
}

async function vote(
  { house, gate }: Pick<Awaited<ReturnType<typeof planned>>, 'house' | 'gate'>,
  type: 'approve' | 'deny' = 'approve',
  actor = ada,
) {
  const { id, plan, nonce } = await house.request();
  return gate.submit(id, { type, actor, digest: plan?.digest.slice(0, 16) ?? '', nonce });
}

/** Starts nothing but the run, as where the confirmation is begun elsewhere or has not begun. */
async function startRunOnly(house: MemorySwitchyard): Promise<void> {
  await house.engine.start(runCall(await house.request()));
}

describe('core/confirming', () => {
  it('begins with the click, and its durable function and the run wait for the same one', async () => {
    const { house, reads, begun, gate } = await planned();
    house.store.audit.length = 0;
    await vote({ house, gate });
    expect(begun).toHaveLength(1);
    await startRunOnly(house);
    await house.engine.start(confirmCall(await house.request()));
    await house.engine.carryOn();
    await house.engine.carryOn();
    expect(await house.request()).toMatchObject({ state: 'done', clocks: { starts: 1 } });
    expect(house.store.audit.filter(({ action }) => action === 'confirmed')).toHaveLength(1);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('begins nothing for a vote that confirms nothing', async () => {
    const { house, begun, gate } = await planned();
    const { id, nonce } = await house.request();
    await gate.submit(id, { type: 'approve', actor: ada, digest: '0'.repeat(16), nonce });
    await vote({ house, gate }, 'deny');
    expect((await house.request()).state).toBe('denied');
    expect(begun).toEqual([]);
  });

  it('is made by the run where nobody else has begun it, and by nobody a second time', async () => {
    const { house, reads } = await planned();
    await vote({ house, gate: house.gate });
    await startRunOnly(house);
    await house.engine.carryOn();
    await house.engine.start(confirmCall(await house.request()));
    await house.settle();
    expect((await house.request()).state).toBe('done');
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('is made twice by two processes, counts once, and is carried out once', async () => {
    const { house } = await planned();
    await vote({ house, gate: house.gate });
    const request = await house.request();
    const there = { ...house.runServices, confirmations: new Confirmations() };
    const made = await Promise.all([confirm(house.runServices, request), confirm(there, request)]);
    expect(made.map(({ kind }) => kind).toSorted()).toEqual(['moved', 'refused']);
    await house.settle();
    expect((await house.request()).state).toBe('done');
    expect(house.sent()).toEqual(['Set-InboundConnector']);
  });

  it('that nobody can tell is left at that by the waiting run', async () => {
    const { house, reads } = await planned();
    const silent = new UnavailableError('Exchange Online does not answer.', { operation: 'test', next: '' });
    house.world.exchange.fail('Get-InboundConnector', silent, { times: 99 });
    await vote({ house, gate: house.gate });
    await startRunOnly(house);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'approved', clocks: { starts: 1 } });
    expect(reads).toHaveBeenCalledTimes(6);
  });

  it('that fails leaves the vote alone, and whoever comes next makes it again', async () => {
    const { house } = await planned();
    const lost = new StoreUnavailableError('The database does not answer.', { operation: 'test', next: '' });
    const gate = confirmingAtOnce(house.gate, (request) =>
      house.runServices.confirmations.once(confirmCall(request).id, () => Promise.reject(lost)),
    );
    expect(await vote({ house, gate })).toMatchObject({ kind: 'moved' });
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });

  it('that voids the approval leaves the waiting run nothing to carry out', async () => {
    const { house, gate } = await planned();
    house.world.dns.setMx('contoso.com', [officeMx]);
    await vote({ house, gate });
    await startRunOnly(house);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'refused', decisions: [{ voided: true }] });
    expect(house.sent()).not.toContain('Set-InboundConnector');
    expect(house.engine.parked()).toEqual([]);
  });

  it('of a plan whose place another one has taken changes nothing, whatever it found', async () => {
    const { house } = await planned();
    await vote({ house, gate: house.gate });
    const first = await house.request();
    if (!first.plan) throw new Error('there is no plan');
    const outcome = { code: 'x', message: 'x', next: '', left: [] };
    const { planVersion, plan } = first;
    await house.gate.submit(first.id, { type: 'superseded', plan, planVersion });
    await vote({ house, gate: house.gate }, 'approve', ben);
    const now = await house.request();
    expect(now).toMatchObject({ state: 'confirming', planVersion: planVersion + 1 });
    for (const event of [
      { type: 'confirmed', plan, planVersion },
      { type: 'superseded', plan, planVersion },
      { type: 'plan-refused', outcome, planVersion },
      { type: 'start-unclear', outcome, planVersion },
    ] as const) {
      expect(await house.gate.submit(first.id, event)).toMatchObject({ kind: 'refused', code: 'wrong-state' });
    }
    expect(await house.request()).toEqual(now);
  });

  it.each([
    ['the one approved later', 1, true],
    ['the one approved before', -1, false],
  ])('names another one of the tenant as ahead for %s', async (_which, seconds, isAhead) => {
    const { house } = await planned();
    await vote({ house, gate: house.gate });
    const first = await house.request();
    const updatedAt = new Date(Date.parse(first.updatedAt) + seconds * 1000).toISOString();
    const ahead = await runAhead(house.store, { id: 'R-33333333', tenant: first.tenant, updatedAt });
    expect(ahead?.id).toBe(isAhead ? first.id : undefined);
  });

  it('ends nothing that is being planned anew', async () => {
    const { house } = await planned();
    await vote({ house, gate: house.gate });
    const { id, plan, planVersion } = await house.request();
    if (!plan) throw new Error('there is no plan');
    await house.policies.replace(house.policies.records.length, { ...house.policy.document, decideWithinMinutes: 77 });
    expect(await house.gate.submit(id, { type: 'confirmed', plan, planVersion })).toMatchObject({
      request: { state: 'planning' },
    });
    const outcome = { code: 'x', message: 'x', next: '', left: [] };
    expect(await house.gate.submit(id, { type: 'plan-refused', outcome, planVersion })).toMatchObject({
      kind: 'refused',
    });
  });
});

describe('the run of an approved plan', () => {
  const frozen = { reason: 'Quarter end', from: '2026-11-23T09:00:30.000Z', to: '2026-11-24T09:00:00.000Z' };

  it('is asked for with the approval, and once', async () => {
    const desk = new Desk();
    await desk.plan();
    await desk.approve();
    expect(desk.started()).toEqual([`${desk.id}:run:1`]);
    await desk.confirm();
    expect(desk.started()).toEqual([`${desk.id}:run:1`]);
  });

  it('that was asked for before a freeze began does not begin; another one does once it may', async () => {
    const desk = new Desk({ freezes: [frozen], startWithinMinutes: 2000 });
    await desk.plan();
    await desk.approve();
    desk.clock.advance(45);
    await desk.confirm();
    expect(await desk.request()).toMatchObject({
      state: 'approved',
      clocks: { hold: { until: frozen.to }, starts: 1 },
    });
    const started = { type: 'run-started', approvers: [ben] } as const;
    const early = await desk.gate.submit(desk.id, { ...started, runId: `${desk.id}:run:1` });
    expect(early).toMatchObject({ kind: 'refused', code: 'wrong-state' });
    await desk.jumpTo(frozen.to);
    expect(desk.started()).toEqual([`${desk.id}:run:1`, `${desk.id}:run:1.2`]);
    expect(await desk.gate.submit(desk.id, { ...started, runId: `${desk.id}:run:1` })).toMatchObject({
      kind: 'refused',
    });
    expect(await desk.gate.submit(desk.id, { ...started, runId: `${desk.id}:run:1.2` })).toMatchObject({
      kind: 'moved',
    });
  });
});
