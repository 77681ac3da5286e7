import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/person.ts';
import { openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import { ada, ben, omar, rita } from '../support/people.ts';
import { breaker, Desk, reason } from './clock-desk.ts';
import { planUnder } from './time-plan.ts';

let desk: Desk;

describe('core/clocks in an emergency', () => {
  beforeEach(async () => {
    desk = new Desk({
      breakGlass: { people: [breaker.objectId], groups: [], answerWithinHours: 4 },
      freezes: [{ from: '2026-11-23T00:00:00Z', to: '2026-11-24T00:00:00Z', reason: 'Quarter end' }],
    });
    await desk.plan();
  });

  it('starts alone and at once, in a freeze, and tells everybody loudly', async () => {
    expect((await desk.breakGlass()).kind).toBe('moved');
    await desk.confirm();
    expect(desk.started()).toHaveLength(1);
    await desk.gate.submit(desk.id, { type: 'run-started', approvers: [breaker] });
    expect((await desk.request()).state).toBe('running');
    const told = desk.told('break-glass');
    expect(told.map(({ audience }) => audience)).toEqual(['thread', 'requester', 'operators']);
    expect(told.every(({ urgent }) => urgent)).toBe(true);
    expect(desk.store.audit.at(1 + 1)).toMatchObject({ action: 'break-glass', detail: { reason } });
  });

  it('also starts what is approved and held back', async () => {
    await desk.approve();
    await desk.confirm();
    expect(desk.started()).toEqual([]);
    await desk.breakGlass();
    expect(desk.started()).toHaveLength(1);
  });

  it('does not start when the person has lost the right meanwhile', async () => {
    await desk.breakGlass();
    await desk.confirm();
    await desk.gate.submit(desk.id, { type: 'run-started', approvers: [ada] });
    expect((await desk.request()).state).toBe('awaiting-approval');
  });

  it.each([
    ['has not the role', ben, reason, 'not-allowed'],
    ['is a guest', { ...breaker, isGuest: true }, reason, 'not-allowed'],
    ['gives no reason', breaker, ' now ', 'reason-needed'],
  ])('refuses somebody who %s', async (_why, actor, why, code) => {
    expect(await desk.breakGlass(actor, why)).toMatchObject({ kind: 'refused', code });
    expect((await desk.request()).breakGlass).toBe(null);
  });

  it('bars the person from deciding until they have answered and somebody else has reviewed it', async () => {
    await desk.breakGlass();
    const other = await anotherRequest();
    const decide = () => desk.gate.submit(other.id, vote(other));
    expect(await decide()).toMatchObject({ kind: 'refused', code: 'owes-answer' });
    const text = 'The old gateway was down; mail flows again since 10:25.';
    expect(await desk.gate.submit(desk.id, { type: 'answer', actor: omar, text })).toMatchObject({
      code: 'not-allowed',
    });
    expect((await desk.gate.submit(desk.id, { type: 'answer', actor: breaker, text })).kind).toBe('moved');
    expect(await decide()).toMatchObject({
      code: 'owes-answer',
      reason: expect.stringContaining('waits for a review'),
    });
    const review = { type: 'review', verdict: 'accepted', text: '' } as const;
    expect(await desk.gate.submit(desk.id, { ...review, actor: breaker })).toMatchObject({ code: 'own-request' });
    expect(await desk.gate.submit(desk.id, { ...review, actor: omar })).toMatchObject({ code: 'not-allowed' });
    expect((await desk.gate.submit(desk.id, { ...review, actor: ben })).kind).toBe('moved');
    expect((await decide()).kind).toBe('moved');
  });

  it('cannot be taken over by somebody else before it is reviewed, nor be put off by starting it once more', async () => {
    const other: Actor = { ...ben, roles: ['approver', 'break-glass'] };
    await desk.breakGlass();
    const { breakGlass: first } = await desk.request();
    const changed = planUnder(desk.policies.inForce, 'b');
    await desk.gate.submit(desk.id, { type: 'confirmed', plan: changed });
    expect((await desk.request()).state).toBe('awaiting-approval');
    await desk.minutes(10);
    expect(await desk.breakGlass(other)).toMatchObject({ kind: 'refused', code: 'owes-answer' });
    expect((await desk.request()).breakGlass).toEqual(first);
    expect((await desk.breakGlass()).kind).toBe('moved');
    expect((await desk.request()).breakGlass).toMatchObject({ digest: changed.digest, answerBy: first?.answerBy });
  });

  it('tells the operators of an objection, which needs words', async () => {
    await desk.breakGlass();
    await desk.gate.submit(desk.id, { type: 'answer', actor: breaker, text: 'It was the printer.' });
    const objection = { type: 'review', verdict: 'objection', actor: ben } as const;
    expect(await desk.gate.submit(desk.id, { ...objection, text: ' ' })).toMatchObject({ code: 'reason-needed' });
    await desk.gate.submit(desk.id, { ...objection, text: 'A printer is no emergency.' });
    expect(desk.told('review').at(-1)).toMatchObject({ audience: 'operators', urgent: true });
  });

  it('reminds of the answer halfway, when it is due, and then every day', async () => {
    await desk.breakGlass();
    await desk.gate.submit(desk.id, { type: 'cancel', actor: ben });
    const count = () => desk.told('review').filter(({ audience }) => audience === 'thread').length;
    await desk.jumpTo('2026-11-23T11:00:00.000Z');
    expect(count()).toBe(1);
    await desk.jumpTo('2026-11-23T13:00:00.000Z');
    expect(desk.told('review').at(-1)).toMatchObject({
      audience: 'operators',
      headline: expect.stringContaining('overdue'),
    });
    await desk.jumpTo('2026-11-24T12:59:00.000Z');
    expect(count()).toBe(2);
    await desk.jumpTo('2026-11-24T13:00:00.000Z');
    expect(count()).toBe(3);
  });

  async function anotherRequest(): Promise<ProvisioningRequest> {
    const wanted = { id: 'R-33333333', workflow: 'w', version: 1, title: 'Other', tenant: { id: 'u', name: 'U' } };
    const request = openRequest({ ...wanted, input: {}, requester: rita, conversation: 'c' }, 'n', desk.clock.now());
    const entry = { action: 'requested', requestId: request.id, tenantId: 'u', actor: rita, detail: {} };
    await desk.store.create(request, [], { ...entry, outcome: 'accepted' });
    const plan = planUnder(desk.policies.inForce, 'other');
    const planned = await desk.gate.submit(request.id, { type: 'planned', plan });
    if (planned.kind === 'refused') throw new Error(planned.reason);
    return planned.request;
  }

  const vote = ({ plan, nonce }: ProvisioningRequest) =>
    ({ type: 'approve', actor: breaker, digest: plan?.digest ?? '', nonce }) as const;
});
