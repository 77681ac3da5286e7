import { beforeEach, describe, expect, it } from 'vitest';
import { offersTo } from '../../src/core/offers.ts';
import type { Actor } from '../../src/core/person.ts';
import { type Outcome, openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import { transition } from '../../src/core/transition.ts';
import { planView } from '../../src/views/plan.ts';
import { progressView } from '../../src/views/progress.ts';
import { ada, ben, omar, rita } from '../support/people.ts';
import { breaker, Desk, reason } from './clock-desk.ts';
import { planUnder } from './time-plan.ts';

let desk: Desk;
const outcome: Outcome = { code: 'x', message: 'x', next: '', left: [] };

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
    expect(told[0]?.body).toContain('2026-11-23 13:00 UTC');
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

  it('is no way to change the approval policy, whoever asks and however they click', async () => {
    const policy = await anotherRequest(planOfPolicy());
    const { plan, nonce } = policy;
    const start = { type: 'break-glass', actor: breaker, digest: plan?.digest ?? '', nonce, reason } as const;
    const refused = await desk.gate.submit(policy.id, start);
    expect(refused).toMatchObject({ kind: 'refused', code: 'not-allowed' });
    expect(refused).toMatchObject({ reason: expect.stringContaining('APPROVAL_POLICY_RESET') });
    expect(desk.store.audit.at(-1)).toMatchObject({ action: 'break-glass', outcome: 'refused' });
    expect(offersTo(breaker, policy, desk.policies.inForce, desk.clock.now())).not.toContain('break-glass');
    expect(
      planView.card({ request: policy, plan: planOfPolicy(), now: desk.clock.now(), buttons: true }).model,
    ).toMatchObject({
      canBreakGlass: false,
    });
  });

  it('starts no change of the approval policy that was started alone before that was forbidden', async () => {
    desk = new Desk({ breakGlass: { people: [breaker.objectId], groups: [], answerWithinHours: 4 } });
    await desk.plan();
    const before: ProvisioningRequest = {
      ...(await anotherRequest(planOfPolicy())),
      state: 'confirming',
      decideBy: null,
      breakGlass: await brokenNow(),
    };
    const context = { policy: desk.policies.inForce, now: desk.clock.now(), nonce: 'n2' };
    const confirmed = transition(before, { type: 'confirmed', plan: planOfPolicy() }, context);
    if (confirmed.kind !== 'moved') throw new Error(confirmed.reason);
    const started = transition(confirmed.request, { type: 'run-started', approvers: [breaker] }, context);
    expect(started).toMatchObject({ kind: 'moved', request: { state: 'awaiting-approval' } });
  });

  it('is answered for and reviewed once it has ended, not before', async () => {
    await desk.breakGlass();
    const answer = { type: 'answer', actor: breaker, text: 'Will tell you later, promised.' } as const;
    const early = { kind: 'refused', code: 'wrong-state', reason: expect.stringContaining('once it has ended') };
    expect(await desk.gate.submit(desk.id, answer)).toMatchObject(early);
    await desk.confirm();
    expect(await desk.gate.submit(desk.id, answer)).toMatchObject(early);
    await desk.gate.submit(desk.id, { type: 'run-started', approvers: [breaker] });
    expect(await desk.gate.submit(desk.id, answer)).toMatchObject(early);
    const review = { type: 'review', actor: ben, verdict: 'accepted', text: '' } as const;
    expect(await desk.gate.submit(desk.id, review)).toMatchObject(early);
    const card = progressView.card({ request: await desk.request(), now: desk.clock.now(), buttons: true });
    expect(card.model).toMatchObject({ canAnswer: false, canReview: false });
    await desk.gate.submit(desk.id, { type: 'undone', outcome });
    expect((await desk.gate.submit(desk.id, answer)).kind).toBe('moved');
    expect((await desk.gate.submit(desk.id, review)).kind).toBe('moved');
  });

  it('leaves at least an hour for the answer after a run that took long, and reminds of it only then', async () => {
    await desk.breakGlass();
    await desk.confirm();
    await desk.gate.submit(desk.id, { type: 'run-started', approvers: [breaker] });
    await desk.jumpTo('2026-11-23T14:00:00.000Z');
    expect(desk.told('review').filter(({ audience }) => audience === 'thread')).toEqual([]);
    await desk.gate.submit(desk.id, { type: 'undone', outcome });
    expect((await desk.request()).breakGlass?.answerBy).toBe('2026-11-23T15:00:00.000Z');
  });

  it('bars nobody from another emergency whose first one is still under way', async () => {
    await desk.breakGlass();
    const other = await anotherRequest();
    const { plan, nonce } = other;
    const start = { type: 'break-glass', actor: breaker, digest: plan?.digest ?? '', nonce, reason } as const;
    expect((await desk.gate.submit(other.id, start)).kind).toBe('moved');
    await desk.gate.submit(desk.id, { type: 'cancel', actor: ben });
    const third = await anotherRequest(undefined, 'R-44444444');
    const digest = third.plan?.digest ?? '';
    expect(await desk.gate.submit(third.id, { ...start, digest, nonce: third.nonce })).toMatchObject({
      code: 'owes-answer',
    });
  });

  it('bars the person from deciding until they have answered and somebody else has reviewed it', async () => {
    await desk.breakGlass();
    const other = await anotherRequest();
    const decide = () => desk.gate.submit(other.id, vote(other));
    expect(await decide()).toMatchObject({ code: 'owes-answer', reason: expect.stringContaining('Once it has ended') });
    await desk.gate.submit(desk.id, { type: 'cancel', actor: ben });
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
    await desk.gate.submit(desk.id, { type: 'cancel', actor: ben });
    await desk.gate.submit(desk.id, { type: 'answer', actor: breaker, text: 'It was the printer.' });
    const objection = { type: 'review', verdict: 'objection', actor: ben } as const;
    expect(await desk.gate.submit(desk.id, { ...objection, text: ' ' })).toMatchObject({ code: 'reason-needed' });
    await desk.gate.submit(desk.id, { ...objection, text: 'A printer is no emergency.' });
    expect(desk.told('review').at(-1)).toMatchObject({ audience: 'operators', urgent: true });
  });

  it('tells the person that they owe an answer, that it is overdue, and how it was reviewed', async () => {
    const inPerson = () => desk.told('review').filter(({ audience }) => audience === 'accountable');
    const last = () => inPerson().at(-1);
    await desk.breakGlass();
    expect(last()).toMatchObject({
      headline: `${desk.id}: your answer for the emergency start is due by 2026-11-23 13:00 UTC`,
      body: expect.stringContaining(`“answer ${desk.id}”`),
      urgent: true,
    });
    await desk.jumpTo('2026-11-23T11:00:00.000Z');
    expect(last()?.headline).toContain('is due by');
    await desk.jumpTo('2026-11-23T13:00:00.000Z');
    expect(last()).toMatchObject({
      headline: expect.stringContaining('your answer for the emergency start is overdue'),
      body: expect.stringContaining('your answer was due by 2026-11-23 13:00 UTC'),
    });
    await desk.gate.submit(desk.id, { type: 'answer', actor: breaker, text: 'The old gateway was down.' });
    await desk.jumpTo('2026-11-25T13:00:00.000Z');
    expect(inPerson()).toHaveLength(3);
    await desk.gate.submit(desk.id, { type: 'review', verdict: 'objection', actor: ben, text: 'It could wait.' });
    expect(last()).toMatchObject({ headline: `${desk.id}: Ben objects to your emergency start`, urgent: true });
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

  /** An emergency start that was let through, as the request remembers it. */
  async function brokenNow(): Promise<ProvisioningRequest['breakGlass']> {
    await desk.breakGlass();
    return (await desk.request()).breakGlass;
  }

  const planOfPolicy = () => planUnder(desk.policies.inForce, 'of the policy', 'ApprovalPolicy');

  async function anotherRequest(
    plan = planUnder(desk.policies.inForce, 'other'),
    id = 'R-33333333',
  ): Promise<ProvisioningRequest> {
    const wanted = { id, workflow: 'w', version: 1, title: 'Other', tenant: { id, name: 'U' } };
    const request = openRequest({ ...wanted, input: {}, requester: rita, conversation: 'c' }, 'n', desk.clock.now());
    const entry = { action: 'requested', requestId: request.id, tenantId: 'u', actor: rita, detail: {} };
    await desk.store.create(request, [], { ...entry, outcome: 'accepted' });
    const planned = await desk.gate.submit(request.id, { type: 'planned', plan });
    if (planned.kind === 'refused') throw new Error(planned.reason);
    return planned.request;
  }

  const vote = ({ plan, nonce }: ProvisioningRequest) =>
    ({ type: 'approve', actor: breaker, digest: plan?.digest ?? '', nonce }) as const;
});
