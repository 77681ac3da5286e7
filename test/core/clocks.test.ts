import { beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { ben } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';
import { Desk } from './clock-desk.ts';
import { planUnder } from './time-plan.ts';

const saturdayNight = { days: ['sat'], from: '22:00', to: '04:00' } satisfies PolicyDocument['changeWindows'][number];

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
    expect(desk.told('reminder')[0]?.body).toContain('expires at 2026-11-23 11:00 UTC');
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
    expect(desk.told('scheduled')[0]?.headline).toContain('starts at 2026-11-28 21:00 UTC');
    // The hours of a window are those of the policy.
    expect(desk.told('scheduled')[0]?.body).toContain('in the change window at Sat 28 Nov 22:00 (Europe/Berlin)');
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
      'Nothing starts until 2026-11-23 10:00 UTC: Quarter end. It starts at 2026-11-23 10:00 UTC.',
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
