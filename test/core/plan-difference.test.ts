import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/change.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { type Plan, sealPlan } from '../../src/core/plan.ts';
import { differencesBetween } from '../../src/core/plan-difference.ts';
import { samplePlan } from '../../src/views/samples.ts';

const object = { kind: 'InboundConnector', identity: 'Gateway' };

/** A plan that sets fields of one object, as it is read then. */
function planFor(state: JsonObject | null, wanted: JsonObject, parts: Partial<Plan> = {}): Plan {
  const fields = Object.entries(wanted)
    .map(([field, after]) => ({ field, before: state?.[field] ?? null, after }))
    .filter(({ before, after }) => before !== after);
  const change: Change = {
    step: state === null ? 'New-InboundConnector' : 'Set-InboundConnector',
    object,
    action: state === null ? 'create' : fields.length === 0 ? 'no-op' : 'update',
    title: 'x',
    fields,
    call: fields.length === 0 ? null : { cmdlet: 'Set-InboundConnector', parameters: wanted },
    inverse: null,
    irreversible: 'x',
    risky: false,
  };
  const draft = { ...samplePlan, guards: [], facts: {}, changes: [change], objects: [{ ...object, state }], ...parts };
  return sealPlan(draft, { requester: samplePlan.requester, policyVersion: parts.policy ?? 'p' });
}

describe('the difference between two plans', () => {
  it('is empty when they do the same, however they are worded', () => {
    const plan = planFor({ Enabled: false }, { Enabled: true });
    expect(differencesBetween(plan, planFor({ Enabled: false }, { Enabled: true }, { title: 'another' }))).toEqual([]);
  });

  it('shows a field from three sides', () => {
    const approved = planFor({ Limit: 1 }, { Limit: 5 });
    expect(differencesBetween(approved, planFor({ Limit: 2 }, { Limit: 5 }))).toEqual([
      { about: 'object', subject: 'InboundConnector Gateway', field: 'Limit', plannedFrom: 1, wanted: 5, now: 2 },
    ]);
  });

  it('shows a field that somebody has already set as wanted', () => {
    const approved = planFor({ A: 1, B: 1 }, { A: 5, B: 5 });
    expect(differencesBetween(approved, planFor({ A: 5, B: 1 }, { A: 5, B: 5 }))).toMatchObject([
      { field: 'A', plannedFrom: 1, wanted: 5, now: 5 },
    ]);
  });

  it('shows a field that was as wanted and is not any more', () => {
    const approved = planFor({ A: 1, B: 5 }, { A: 5, B: 5 });
    expect(differencesBetween(approved, planFor({ A: 1, B: 9 }, { A: 5, B: 5 }))).toMatchObject([
      { field: 'B', plannedFrom: 5, wanted: 5, now: 9 },
    ]);
  });

  it('shows what the new plan wants when that has changed', () => {
    const approved = planFor({ A: 1 }, { A: 5 });
    expect(differencesBetween(approved, planFor({ A: 1 }, { A: 6 }))).toMatchObject([
      { field: 'A', plannedFrom: 1, wanted: 5, now: 1, wantedNow: 6 },
    ]);
  });

  it('shows that an object has come or gone', () => {
    const there = planFor({ A: 1 }, { A: 5 });
    const gone = planFor(null, { A: 5 });
    expect(differencesBetween(there, gone)).toMatchObject([
      { field: null, plannedFrom: 'there', wanted: 'there', now: 'not there' },
      { about: 'basis', subject: 'Steps' },
    ]);
    expect(differencesBetween(gone, there)[0]).toMatchObject({ plannedFrom: 'not there', now: 'there' });
  });

  it('leaves out what is only said about an object', () => {
    const approved = planFor({ A: 1, Comment: 'a' }, { A: 5 });
    const fresh = planFor({ A: 2, Comment: 'b' }, { A: 5, Comment: 'ours' });
    expect(differencesBetween(approved, fresh).map(({ field }) => field)).toEqual(['A']);
  });

  it('names facts, guards, versions, profile and policy', () => {
    const guard = (seen: string) => {
      const finding = {
        check: 'c',
        status: 'pass' as const,
        rule: 'The rule.',
        fact: '',
        remedy: '',
        evidence: { seen },
      };
      return [{ finding }];
    };
    const approved = planFor({ A: 1 }, { A: 5 }, { facts: { domains: ['a'] }, guards: guard('x') });
    const parts = { facts: { domains: ['a', 'b'] }, guards: guard('y'), version: 2, profile: null, policy: 'q' };
    expect(differencesBetween(approved, planFor({ A: 1 }, { A: 5 }, parts))).toEqual([
      { about: 'fact', subject: 'The rule.', field: 'seen', plannedFrom: 'x', wanted: null, now: 'y' },
      { about: 'fact', subject: 'domains', field: null, plannedFrom: ['a'], wanted: null, now: ['a', 'b'] },
      expect.objectContaining({ about: 'basis', subject: 'Workflow', now: 'lock-down, version 2' }),
      expect.objectContaining({ about: 'basis', subject: 'Gateway profile', now: null }),
      expect.objectContaining({ about: 'basis', subject: 'Approval policy', plannedFrom: 'p', now: 'q' }),
    ]);
  });
});
