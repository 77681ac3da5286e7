import { beforeEach, describe, expect, it } from 'vitest';
import { lookOnce } from '../../src/core/due-loop.ts';
import { createGate, type Gate } from '../../src/core/gate.ts';
import type { Actor } from '../../src/core/person.ts';
import type { PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import type { Transition } from '../../src/core/request-event.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryPolicies } from '../support/memory-policies.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { ada, ben, omar, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';
import { planUnder } from './time-plan.ts';

const saturdayNight = { days: ['sat'], from: '22:00', to: '04:00' } satisfies PolicyDocument['changeWindows'][number];
const breaker: Actor = { ...ada, roles: ['approver', 'requester', 'break-glass'] };
const reason = 'All mail to the hospital is refused';

/** One request under a policy, and the loop that looks at it. Monday 23 November 2026, 09:00 UTC, 10:00 in Berlin. */
class Desk {
  readonly clock = new FakeClock('2026-11-23T09:00:00.000Z', true);
  readonly store = new MemoryStore();
  readonly policies: MemoryPolicies;
  readonly gate: Gate;
  readonly id = 'R-22222222';

  constructor(changes: Partial<PolicyDocument> = {}) {
    const usual = policyDocument();
    const rule = { ...usual.rules.high, widenAfterMinutes: 30, rings: ['approvers', 'leads'] };
    this.policies = new MemoryPolicies({
      ...usual,
      timeZone: 'Europe/Berlin',
      decideWithinMinutes: 120,
      startWithinMinutes: 90,
      rings: { ...usual.rings, leads: { people: [], groups: [] } },
      rules: { none: rule, normal: rule, high: rule },
      ...changes,
    });
    this.gate = createGate(this.store, this.clock, this.policies);
  }

  async plan(): Promise<void> {
    const tenant = { id: 't', name: 'Contoso' };
    const wanted = { id: this.id, workflow: 'w', version: 1, title: 'Lock down', tenant, input: {} };
    const request = openRequest({ ...wanted, requester: rita, conversation: 'c' }, 'nonce', this.clock.now());
    const detail = { action: 'requested', requestId: this.id, tenantId: 't', actor: rita, detail: {} };
    await this.store.create(request, [], { ...detail, outcome: 'accepted' });
    await this.gate.submit(this.id, { type: 'planned', plan: planUnder(this.policies.inForce, 'a') });
  }

  async approve(actor: Actor = ben): Promise<Transition> {
    const { plan, nonce } = await this.request();
    return this.gate.submit(this.id, { type: 'approve', actor, digest: plan?.digest ?? '', nonce });
  }

  async confirm(): Promise<void> {
    await this.gate.submit(this.id, { type: 'confirmed', plan: planUnder(this.policies.inForce, 'a') });
  }

  async breakGlass(actor: Actor = breaker, why = reason): Promise<Transition> {
    const { plan } = await this.request();
    return this.gate.submit(this.id, { type: 'break-glass', actor, reason: why, digest: plan?.digest ?? '' });
  }

  async request(): Promise<ProvisioningRequest> {
    const request = await this.store.get(this.id);
    if (!request) throw new Error('there is no request');
    return request;
  }

  /** Time passes, looked at every quarter of a minute as the loop does it. */
  async minutes(count: number): Promise<void> {
    for (let passed = 0; passed < count * 4; passed += 1) {
      this.clock.advance(15);
      await this.look();
    }
  }

  /** Time jumps, and somebody looks. */
  async jumpTo(iso: string): Promise<void> {
    this.clock.advance((Date.parse(iso) - this.clock.now().getTime()) / 1000);
    await this.look();
  }

  async look(): Promise<void> {
    const failed: unknown[] = [];
    await lookOnce(this, new AbortController().signal, (error) => failed.push(error));
    expect(failed).toEqual([]);
  }

  /** What was told, as `kind audience`, and to whom with an alert. */
  told(kind: string): { audience: string; headline: string; body: string; urgent: boolean }[] {
    return this.store.effects.flatMap((effect) =>
      effect.kind === 'notice' && effect.notice.kind === kind
        ? [{ audience: effect.audience, ...effect.notice, urgent: effect.notice.urgent === true }]
        : [],
    );
  }

  started(): string[] {
    return this.store.effects.flatMap((one) =>
      one.kind === 'start' && one.call.id.includes(':run:') ? [one.call.id] : [],
    );
  }
}

let desk: Desk;

describe('core/clocks of a request that waits for a decision', () => {
  beforeEach(async () => {
    desk = new Desk({ remindBeforeMinutes: [60, 15] });
    await desk.plan();
  });

  it('reminds once per rung, asks the next ring once, and expires', async () => {
    await desk.minutes(59);
    expect(desk.told('reminder')).toEqual([]);
    expect(desk.told('widened')).toMatchObject([{ audience: 'thread', urgent: true }]);
    expect(desk.told('widened')[0]?.headline).toContain('leads is asked too');
    await desk.minutes(60);
    expect(desk.told('reminder').map(({ audience }) => audience)).toEqual(['thread', 'thread', 'requester']);
    expect(desk.told('reminder')[0]?.body).toContain('Mon 23 Nov 12:00 (Europe/Berlin)');
    await desk.minutes(2);
    expect(await desk.request()).toMatchObject({ state: 'expired', clocks: { nextDue: null } });
    expect(desk.told('widened')).toHaveLength(1);
    expect(desk.told('expired')).toHaveLength(2);
  });

  it('makes up for a jump of the clock with one reminder, not with three', async () => {
    await desk.jumpTo('2026-11-23T10:50:00.000Z');
    expect(desk.told('reminder').map(({ audience }) => audience)).toEqual(['thread', 'requester']);
    await desk.minutes(9);
    expect(desk.told('reminder')).toHaveLength(2);
  });

  it('does nothing twice when the clock jumps back an hour', async () => {
    await desk.jumpTo('2026-11-23T10:00:30.000Z');
    desk.clock.advance(-3600);
    await desk.minutes(70);
    expect(desk.told('reminder')).toHaveLength(1);
    expect(desk.told('widened')).toHaveLength(1);
    expect(await desk.request()).toMatchObject({ state: 'awaiting-approval' });
  });

  it('stops reminding once it is decided', async () => {
    await desk.approve();
    await desk.minutes(80);
    expect(desk.told('reminder')).toEqual([]);
  });

  it('counts from the new plan when the old one is superseded', async () => {
    await desk.minutes(50);
    await desk.approve();
    await desk.gate.submit(desk.id, { type: 'superseded', plan: planUnder(desk.policies.inForce, 'b') });
    await desk.minutes(29);
    expect(desk.told('widened')).toHaveLength(1);
    await desk.minutes(2);
    expect(desk.told('widened')).toHaveLength(2);
  });

  it('has what is due worked out anew when the policy changes', async () => {
    const { nextDue } = (await desk.request()).clocks;
    const { document } = desk.policies.inForce;
    await desk.policies.replace(1, { ...document, remindBeforeMinutes: [100] });
    await desk.look();
    expect(await desk.request()).toMatchObject({ state: 'planning', clocks: { nextDue: null } });
    await desk.gate.submit(desk.id, { type: 'planned', plan: planUnder(desk.policies.inForce, 'a') });
    const { clocks } = await desk.request();
    expect(nextDue).toBe('2026-11-23T09:30:00.000Z');
    expect(clocks.nextDue).toBe('2026-11-23T09:20:00.000Z');
    expect(clocks.duePolicy).toBe(desk.policies.inForce.version);
  });
});

describe('core/clocks in quiet hours', () => {
  const quietTill = (to: string) => ({ days: ['mon'], from: '10:20', to }) satisfies PolicyDocument['quietHours'];

  it('lets reminders and the next ring wait for their end', async () => {
    desk = new Desk({ remindBeforeMinutes: [60], quietHours: quietTill('11:30') });
    await desk.plan();
    await desk.minutes(89);
    expect([desk.told('reminder'), desk.told('widened')]).toEqual([[], []]);
    await desk.minutes(2);
    expect([desk.told('reminder'), desk.told('widened')]).toMatchObject([[{}, {}], [{}]]);
  });

  it('reminds all the same where it would be too late after them', async () => {
    desk = new Desk({ remindBeforeMinutes: [60], quietHours: quietTill('18:00') });
    await desk.plan();
    await desk.minutes(61);
    expect(desk.told('reminder')).toHaveLength(2);
  });
});

describe('core/clocks of an approved request', () => {
  it('starts at once where nothing holds it back', async () => {
    desk = new Desk();
    await desk.plan();
    await desk.approve();
    expect((await desk.request()).clocks.startBy).toBe('2026-11-23T10:30:00.000Z');
    await desk.confirm();
    expect(desk.started()).toEqual([`${desk.id}:run:1`]);
  });

  it('expires with a notice when its turn does not come in time, and a late run does not begin', async () => {
    desk = new Desk();
    await desk.plan();
    await desk.approve();
    await desk.confirm();
    await desk.minutes(91);
    expect(await desk.request()).toMatchObject({ state: 'expired', outcome: { code: 'start-expired' } });
    expect(desk.told('expired')).toMatchObject([{ audience: 'thread' }, { audience: 'requester' }]);
    const late = await desk.gate.submit(desk.id, { type: 'run-started', approvers: [ben] });
    expect(late).toMatchObject({ kind: 'refused', code: 'wrong-state' });
  });

  it('is approved ahead and starts when the change window opens', async () => {
    desk = windowed();
    await desk.plan();
    await desk.approve();
    await desk.confirm();
    expect(await desk.request()).toMatchObject({
      state: 'approved',
      clocks: { hold: { until: '2026-11-28T21:00:00.000Z', freeze: null }, startBy: '2026-11-28T22:30:00.000Z' },
    });
    expect(desk.started()).toEqual([]);
    expect(desk.told('scheduled')[0]?.headline).toContain('starts Sat 28 Nov 22:00 (Europe/Berlin)');
    await desk.jumpTo('2026-11-28T20:59:59.000Z');
    expect(desk.started()).toEqual([]);
    await desk.jumpTo('2026-11-28T21:00:00.000Z');
    expect(desk.started()).toEqual([`${desk.id}:run:1`]);
    await desk.gate.submit(desk.id, { type: 'run-started', approvers: [ben] });
    expect((await desk.request()).state).toBe('running');
  });

  it('waits for the next window under a new name when its turn comes after the window has closed', async () => {
    desk = windowed({ startWithinMinutes: 20_000 });
    await desk.plan();
    await desk.jumpTo('2026-11-23T09:10:00.000Z');
    await desk.approve();
    await desk.confirm();
    await desk.jumpTo('2026-11-28T21:00:00.000Z');
    const first = runCall(await desk.request()).id;
    await desk.jumpTo('2026-11-29T03:00:00.000Z');
    await desk.gate.submit(desk.id, { type: 'run-started', approvers: [ben] });
    expect(await desk.request()).toMatchObject({
      state: 'approved',
      clocks: { hold: { until: '2026-12-05T21:00:00.000Z' } },
    });
    await desk.jumpTo('2026-12-05T21:00:00.000Z');
    expect(desk.started()).toEqual([first, `${desk.id}:run:1.2`]);
  });

  it('is held back by a freeze, which says why and until when', async () => {
    desk = frozen('2026-11-23T10:00:00Z');
    await desk.plan();
    await desk.approve();
    await desk.confirm();
    expect(desk.told('scheduled')[0]?.body).toContain(
      'Nothing starts until Mon 23 Nov 11:00 (Europe/Berlin): Quarter end. It starts at Mon 23 Nov 11:00',
    );
    await desk.jumpTo('2026-11-23T10:00:00Z');
    expect(desk.started()).toHaveLength(1);
  });

  it('says already at the approval that a freeze outlasts the time to start', async () => {
    desk = frozen('2026-11-23T12:00:00Z');
    await desk.plan();
    await desk.approve();
    await desk.confirm();
    expect(desk.told('scheduled')[0]?.body).toContain('it will expire and needs a new approval');
    await desk.jumpTo('2026-11-23T10:30:00Z');
    expect(await desk.request()).toMatchObject({ state: 'expired' });
    expect(desk.started()).toEqual([]);
  });

  const windowed = (changes: Partial<PolicyDocument> = {}): Desk => {
    const usual = policyDocument();
    const rule = { ...usual.rules.high, inChangeWindow: true };
    return new Desk({ rules: { none: rule, normal: rule, high: rule }, changeWindows: [saturdayNight], ...changes });
  };
  const frozen = (to: string): Desk =>
    new Desk({ freezes: [{ from: '2026-11-23T00:00:00Z', to, reason: 'Quarter end.' }] });
});

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
