import { expect } from 'vitest';
import { lookOnce } from '../../src/core/due-loop.ts';
import { createGate, type Gate } from '../../src/core/gate.ts';
import type { Actor } from '../../src/core/person.ts';
import type { PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import type { Transition } from '../../src/core/request-event.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryPolicies } from '../support/memory-policies.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { ada, ben, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';
import { planUnder } from './time-plan.ts';

/** May ask, decide, and start alone. */
export const breaker: Actor = { ...ada, roles: ['approver', 'requester', 'break-glass'] };
export const reason = 'All mail to the hospital is refused';

/** One request under a policy, and the loop that looks at it. Monday 23 November 2026, 09:00 UTC, 10:00 in Berlin. */
export class Desk {
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
    const { plan, nonce } = await this.request();
    const digest = plan?.digest ?? '';
    return this.gate.submit(this.id, { type: 'break-glass', actor, reason: why, digest, nonce });
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
