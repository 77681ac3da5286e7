import { describe, expect, it } from 'vitest';
import { AuditEventSchema, auditEvent } from '../../src/core/audit/audit-event.ts';
import { createGate } from '../../src/core/gate.ts';
import { fixedPolicy } from '../../src/core/policy/policy-source.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { conversation, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, eve } from '../support/people.ts';
import { testPolicy } from '../support/policy.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

const via = { conversation: '19:approvals@thread.tacv2', activityId: 'f:17000001' };

describe('the audit trail says of a click', () => {
  it.each(['approve', 'deny'] as const)('%s by which activity, where and on which card it was made', async (type) => {
    const house = new MemorySwitchyard();
    await house.say('set up gateway exchangedefender for contoso.com');
    await house.settle();
    const { id, plan, nonce } = await house.request();
    const digest = plan?.digest ?? '';
    await house.gate.submit(id, { type, actor: { ...eve, via }, digest, nonce: 'another-card' });
    await house.gate.submit(id, { type, actor: { ...ada, via }, digest, nonce });
    const [refused, decided] = house.store.audit.filter(({ action }) => action === type);
    expect(refused).toMatchObject({ outcome: 'refused', source: via, detail: { card: 'another-card' } });
    expect(decided).toMatchObject({ outcome: 'accepted', source: via, digest, detail: { card: nonce } });
  });

  it('nothing about a conversation when it was made on a page, and the usual one of what Switchyard does', async () => {
    const store = new MemoryStore();
    const clock = new FakeClock();
    const request = sampleRequest('t', clock.now());
    await store.create(request, [], auditOf(request, 'requested'));
    const gate = createGate(store, clock, fixedPolicy(testPolicy()));
    await gate.submit(request.id, { type: 'plan-refused', outcome: { code: 'x', message: 'x', next: '', left: [] } });
    await gate.submit(request.id, { type: 'answer', actor: { ...ada, via: null }, text: '' });
    const [, ended, page] = store.audit;
    expect(ended?.source).toEqual({ conversation: request.conversation });
    expect(page?.source).toBeUndefined();
  });

  it('a typed message by its activity too', async () => {
    const house = new MemorySwitchyard();
    const { roles, ...rita } = await house.roles.actor({ ...ada, objectId: '11111111-0000-4000-8000-000000000001' });
    await house.say('set up gateway exchangedefender for contoso.com', { ...rita, roles, via });
    expect(house.store.audit.find(({ action }) => action === 'requested')?.source).toEqual(via);
    expect(conversation).not.toBe(via.conversation);
  });

  it('with and without the activity in one shape, because entries of earlier lack it', () => {
    const entry = { ...auditOf(sampleRequest('t', new Date(0)), 'requested'), source: via };
    const event = auditEvent(entry, new Date(0), 'id', null);
    expect(AuditEventSchema.parse(event).source).toEqual(via);
    const older = { ...event, source: { conversation: 'c' } };
    expect(AuditEventSchema.parse(older).source).toEqual({ conversation: 'c' });
  });
});
