import { describe, expect, it } from 'vitest';
import { z } from 'zod/v4';
import type { Finding } from '../../src/core/check.ts';
import { RefusedError, TenantAccessError, ThrottledError, UnavailableError } from '../../src/core/errors.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { isEmptyPlan, type Plan } from '../../src/core/plan.ts';
import { differencesBetween } from '../../src/core/plan-difference.ts';
import { makePlan, type Planning } from '../../src/core/planner.ts';
import { openRequest, requestIdFrom } from '../../src/core/request.ts';
import { StoreUnavailableError } from '../../src/core/store.ts';
import { defineWorkflow, type WorkflowSpec } from '../../src/core/workflow.ts';
import type { World } from '../../src/ports/world.ts';
import { steps } from '../../src/steps/index.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-world.ts';
import { dora, rita } from '../support/people.ts';

type Facts = { readonly ranges: readonly string[] };
type Spec = WorkflowSpec<{ domain: string }, Facts, World>;

const detail = { operation: 'test', next: 'Ask again later.' };
const connector = 'Gateway';
const created = { SenderDomains: ['*'], Enabled: false, SenderIPAddresses: ['203.0.113.0/24'] };

/** A workflow that makes a connector and then changes it, unless told otherwise. */
function workflowWith(parts: Partial<Spec> = {}) {
  return defineWorkflow<{ domain: string }, Facts, World>({
    name: 'test',
    version: 1,
    title: 'Test',
    summary: 'A test.',
    phrases: ['test {domain}'],
    input: z.strictObject({ domain: z.string() }),
    form: [],
    prepare: () =>
      Promise.resolve({
        title: 'Test contoso.com',
        facts: { ranges: ['203.0.113.0/24'] },
        warnings: [
          { level: 'notice', text: 'a notice' },
          { level: 'danger', text: 'a danger' },
          { level: 'notice', text: 'another notice' },
          { level: 'danger', text: 'another danger' },
        ],
        untouched: [],
        blastRadius: [],
      }),
    run: async ({ run }) => {
      await run(steps.newInboundConnector, { name: connector, title: 'create', fields: created });
      await run(steps.setInboundConnector, { name: connector, title: 'on', risky: true, fields: { Enabled: true } });
    },
    result: () => null,
    ...parts,
  });
}

const request = openRequest(
  {
    id: requestIdFrom('planner'),
    workflow: 'test',
    version: 1,
    title: 'Test',
    tenant: { id: 'c0000000-0000-4000-8000-000000000001', name: 'contoso' },
    input: { domain: 'contoso.com' },
    requester: rita,
    conversation: 'c',
  },
  'nonce',
  new Date('2026-11-21T09:00:00.000Z'),
);

function planning(world: FakeWorld, parts: Partial<Spec> = {}, who = request, policy = 'p'): Promise<Planning> {
  return makePlan(workflowWith(parts), world, who, policy);
}

async function planOf(...parameters: Parameters<typeof planning>): Promise<Plan> {
  const made = await planning(...parameters);
  if (made.kind !== 'plan') throw new Error(made.outcome.message);
  return made.plan;
}

function requiring(...statuses: Finding['status'][]): Partial<Spec> {
  return {
    run: async ({ require }) => {
      for (const status of statuses) {
        const finding = { check: `is-${status}`, status, evidence: {} };
        const words = { rule: `Rule ${status}.`, fact: `Fact ${status}.`, remedy: `Remedy ${status}.` };
        await require({ name: 'c', title: 'C', run: () => Promise.resolve({ ...finding, ...words }) }, {});
      }
    },
  };
}

describe('a plan', () => {
  it('of the same tenant has the same digest, whatever the time', async () => {
    const first = await planOf(fakeWorld());
    const later = fakeWorld();
    later.clock.advance(86_400);
    const second = await planOf(later);
    expect(second.digest).toBe(first.digest);
    expect(second.madeAt).not.toBe(first.madeAt);
    expect(first.digest).toMatch(/^[0-9a-f]{64}$/u);
  });

  it('has another digest for another requester, policy, version or fact', async () => {
    const digests = await Promise.all([
      planOf(fakeWorld()),
      planOf(fakeWorld(), {}, { ...request, requester: dora }),
      planOf(fakeWorld(), {}, request, 'q'),
      planOf(fakeWorld(), { version: 2 }),
      planOf(fakeWorld({ tenant: { id: 'c0000000-0000-4000-8000-000000000002', name: 'contoso' } })),
      planOf(fakeWorld(), requiring('pass')),
      planOf(fakeWorld(), requiring('warn')),
    ]);
    expect(new Set(digests.map(({ digest }) => digest)).size).toBe(digests.length);
  });

  it('writes nothing and shows later steps the predicted result of earlier ones', async () => {
    const world = fakeWorld();
    const plan = await planOf(world);
    expect(world.exchange.invoked).toEqual([]);
    expect(plan.changes).toMatchObject([
      { step: 'New-InboundConnector', action: 'create' },
      {
        step: 'Set-InboundConnector',
        action: 'update',
        fields: [{ field: 'Enabled', before: false, after: true }],
        inverse: { cmdlet: 'Set-InboundConnector', parameters: { Identity: connector, Enabled: false } },
      },
    ]);
  });

  it('predicts what Exchange gives a new connector that nobody asked for', async () => {
    const run: Spec['run'] = async ({ run: make }) => {
      await make(steps.newInboundConnector, { name: connector, title: 'create', fields: created });
      const fields = { EFSkipLastIP: false, EFSkipIPs: ['203.0.113.0/24'] };
      await make(steps.setInboundConnector, { name: connector, title: 'filter', risky: false, fields });
    };
    const plan = await planOf(fakeWorld(), { run });
    expect(plan.changes[1]?.fields).toEqual([{ field: 'EFSkipIPs', before: [], after: ['203.0.113.0/24'] }]);
  });

  it('names dangers first and keeps their order', async () => {
    const { warnings } = await planOf(fakeWorld());
    expect(warnings.map(({ text }) => text)).toEqual(['a danger', 'another danger', 'a notice', 'another notice']);
  });

  it('is empty when the tenant already is as wanted', async () => {
    const world = fakeWorld({ connectors: [{ Name: connector, ...created, Enabled: true }] });
    const run: Spec['run'] = ({ run: make }) =>
      make(steps.setInboundConnector, { name: connector, title: 'on', risky: true, fields: { Enabled: true } });
    expect(isEmptyPlan(await planOf(world, { run }))).toBe(true);
  });

  it('survives a store: it is plain data', async () => {
    const plan = await planOf(fakeWorld());
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(canonicalJson(JSON.parse(JSON.stringify(plan.facts)))).toBe(canonicalJson(plan.facts));
  });

  it('differs field by field when a colleague changes the connector', async () => {
    const world = fakeWorld({ connectors: [{ Name: connector, SenderIPAddresses: ['203.0.113.1'] }] });
    const fields = { SenderIPAddresses: ['203.0.113.9'] };
    const run: Spec['run'] = ({ run: make }) =>
      make(steps.setInboundConnector, { name: connector, title: 'ranges', risky: false, fields });
    const before = await planOf(world, { run });
    const parameters = { Identity: connector, SenderIPAddresses: ['203.0.113.2'] };
    await world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    const now = await planOf(world, { run });
    expect(now.digest).not.toBe(before.digest);
    expect(differencesBetween(before, now)).toEqual([
      {
        about: 'object',
        subject: `InboundConnector ${connector}`,
        field: 'SenderIPAddresses',
        plannedFrom: ['203.0.113.1'],
        wanted: ['203.0.113.9'],
        now: ['203.0.113.2'],
      },
    ]);
    expect(differencesBetween(before, before)).toEqual([]);
  });
});

describe('planning', () => {
  it.each([
    ['fail', 'refused', 'One rule does not hold.'],
    ['unknown', 'unclear', 'Whether one rule holds could not be established.'],
  ] as const)(
    'comes to no plan over a fact that is “%s”: it is %s, with rule, fact and remedy',
    async (status, kind, message) => {
      expect(await planning(fakeWorld(), requiring('pass', status, 'warn'))).toEqual({
        kind,
        outcome: {
          code: `is-${status}`,
          message,
          next: '',
          left: [],
          blockers: [{ rule: `Rule ${status}.`, fact: `Fact ${status}.`, remedy: `Remedy ${status}.` }],
        },
      });
    },
  );

  it('names what is known to be wrong, and what is only unknown when nothing is', async () => {
    const made = await planning(fakeWorld(), requiring('unknown', 'fail'));
    expect(made).toMatchObject({ kind: 'refused', outcome: { code: 'is-fail' } });
    expect(made.kind === 'refused' && made.outcome.blockers?.map(({ rule }) => rule)).toEqual(['Rule fail.']);
  });

  it.each([
    new RefusedError('It makes no sense.', detail),
    new TenantAccessError('The consent is missing.', { ...detail, reason: 'consent' }),
  ])('turns $name into a refusal in words', async (error) => {
    expect(await planning(fakeWorld(), { prepare: () => Promise.reject(error) })).toEqual({
      kind: 'refused',
      outcome: { code: error.code, message: error.message, next: 'Ask again later.', left: [] },
    });
  });

  it.each([
    new ThrottledError('slow down', { ...detail, retryAfterSeconds: 1 }),
    new UnavailableError('out of order', detail),
    new StoreUnavailableError('no database', detail),
    new TypeError('a defect'),
  ])('leaves $name to whoever can try again', async (error) => {
    await expect(planning(fakeWorld(), { prepare: () => Promise.reject(error) })).rejects.toBe(error);
  });

  it('is refused when a connector of the same name has other values', async () => {
    const world = fakeWorld({ connectors: [{ Name: connector, SenderDomains: ['fabrikam.com'] }] });
    const made = await planning(world);
    expect(made.kind === 'refused' && made.outcome.message).toContain('differs in SenderDomains');
  });

  it('reads input through the schema only', () => {
    const workflow = workflowWith();
    expect(() => workflow.parse({ domain: 'contoso.com', more: 1 })).toThrow(/more/u);
    expect(() => workflow.parse({ domain: 7 })).toThrow(/^domain: /u);
    expect(workflow.parse({ domain: 'contoso.com' })).toEqual({ domain: 'contoso.com' });
  });
});
