import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/change.ts';
import { cosmeticProperties } from '../../src/core/cosmetic.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Plan, planDigest } from '../../src/core/plan.ts';
import { samplePlan } from '../../src/views/samples.ts';

const other = 'c0000000-0000-4000-8000-00000000ffff';

type Edit = (plan: Plan) => Plan;

/** The first change of the plan, edited. */
function first(edit: (change: Change) => Partial<Change>): Edit {
  return (plan) => ({
    ...plan,
    changes: plan.changes.map((change, at) => (at === 0 ? { ...change, ...edit(change) } : change)),
  });
}

function withField(edit: Partial<Change['fields'][number]>): Edit {
  return first(({ fields }) => ({ fields: fields.map((field, at) => (at === 0 ? { ...field, ...edit } : field)) }));
}

/** Everything an approval binds to, each edited alone. */
const binding: Record<string, Edit> = {
  'the step': first(() => ({ step: 'Remove-InboundConnector' })),
  'the kind of the object': first(({ object }) => ({ object: { ...object, kind: 'OutboundConnector' } })),
  'the name of the object': first(({ object }) => ({ object: { ...object, identity: 'another' } })),
  'what is done to it': first(() => ({ action: 'remove' })),
  'a field': withField({ field: 'Another' }),
  'the value before': withField({ before: 'another' }),
  'the value after': withField({ after: 'another' }),
  'the cmdlet': first(({ call }) => ({ call: call && { ...call, cmdlet: 'Remove-InboundConnector' } })),
  'a parameter': first(({ call }) => ({ call: call && { ...call, parameters: { ...call.parameters, Name: 'x' } } })),
  'nothing being sent': first(() => ({ call: null })),
  'what takes it back': first(({ inverse }) => ({ inverse: inverse && { ...inverse, parameters: {} } })),
  'whether it can be taken back': first(() => ({ inverse: null, irreversible: 'it is gone' })),
  'whether it is risky': first(({ risky }) => ({ risky: !risky })),
  'a change less': (plan) => ({ ...plan, changes: plan.changes.slice(1) }),
  'the order of the changes': (plan) => ({ ...plan, changes: plan.changes.toReversed() }),
  'what a guard saw': (plan) => ({
    ...plan,
    guards: plan.guards.map(({ finding }) => ({ finding: { ...finding, evidence: { seen: 'another' } } })),
  }),
  'which guard it was': (plan) => ({
    ...plan,
    guards: plan.guards.map(({ finding }) => ({ finding: { ...finding, check: 'another' } })),
  }),
  'a guard less': (plan) => ({ ...plan, guards: plan.guards.slice(1) }),
  'a fact': (plan) => ({ ...plan, facts: { ...plan.facts, domain: 'fabrikam.com' } }),
  'the workflow': (plan) => ({ ...plan, workflow: 'unlock' }),
  'the version of the workflow': (plan) => ({ ...plan, version: plan.version + 1 }),
  'the gateway profile': (plan) => ({ ...plan, profile: 'mimecast-us@2026-11-01' }),
  'the version of the gateway profile': (plan) => ({ ...plan, profile: `${plan.profile}b` }),
  'the policy version': (plan) => ({ ...plan, policy: 'another' }),
  'the risk': (plan) => ({ ...plan, risk: 'none' }),
  'the tenant': (plan) => ({ ...plan, tenant: { ...plan.tenant, id: other } }),
  'the requester': (plan) => ({ ...plan, requester: { ...plan.requester, objectId: other } }),
  'the tenant of the requester': (plan) => ({ ...plan, requester: { ...plan.requester, tenantId: other } }),
};

/** What is only said about these, each reworded at random. */
const wording: Record<string, (text: string) => Edit> = {
  'the title': (title) => (plan) => ({ ...plan, title }),
  'the name of the tenant': (name) => (plan) => ({ ...plan, tenant: { ...plan.tenant, name } }),
  'the title of a change': (title) => first(() => ({ title })),
  'the words of a guard': (text) => (plan) => ({
    ...plan,
    guards: plan.guards.map(({ finding }) => ({ finding: { ...finding, rule: text, fact: text, remedy: text } })),
  }),
  'the warnings': (text) => (plan) => ({ ...plan, warnings: [{ level: 'danger', text }] }),
  'what stays as it is': (text) => (plan) => ({ ...plan, untouched: [text] }),
  'the blast radius': (text) => (plan) => ({ ...plan, blastRadius: [text] }),
  'whom it reaches': () => (plan) => ({ ...plan, reach: null }),
  'the objects as they were read': (text) => (plan) => ({
    ...plan,
    objects: plan.objects.map((seen) => ({ ...seen, state: { ...seen.state, Comment: text, WhenChangedUTC: text } })),
  }),
  'the words of a proof': (title) => (plan) => ({ ...plan, proofs: plan.proofs.map((proof) => ({ ...proof, title })) }),
  'the time': (madeAt) => (plan) => ({ ...plan, madeAt }),
};

/** The same data with the keys of every object in another order. */
function reordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(reordered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, entry]) => [key, reordered(entry)]),
  );
}

describe('the digest of a plan', () => {
  it.each(Object.entries(binding))('changes with %s alone', (_name, edit) => {
    expect(planDigest(edit(samplePlan))).not.toBe(planDigest(samplePlan));
  });

  it.each(Object.entries(wording))('does not change with %s', (_name, reworded) => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(planDigest(reworded(text)(samplePlan))).toBe(planDigest(samplePlan));
      }),
      { numRuns: 20 },
    );
  });

  it('is another one for every combination of edits, and the same whatever is reworded beside them', () => {
    const seen = new Map<string, string>();
    const edits = Object.entries(binding).filter(
      ([name]) => !name.includes('change less') && !name.includes('guard less'),
    );
    fc.assert(
      fc.property(
        fc.subarray(edits, { maxLength: 3 }),
        fc.subarray(Object.values(wording)),
        fc.string(),
        (some, said, text) => {
          const edited = some.reduce((plan, [, edit]) => edit(plan), samplePlan);
          const reworded = said.reduce((plan, edit) => edit(text)(plan), edited);
          const digest = planDigest(reworded);
          expect(planDigest(edited)).toBe(digest);
          const names = some.map(([name]) => name).join(' + ');
          if (some.length > 0) expect(digest).not.toBe(planDigest(samplePlan));
          expect(seen.get(names) ?? digest).toBe(digest);
          seen.set(names, digest);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order of keys', () => {
    expect(planDigest(reordered(samplePlan as unknown as JsonObject) as unknown as Plan)).toBe(planDigest(samplePlan));
  });

  it('is 64 hexadecimal digits', () => {
    expect(planDigest(samplePlan)).toMatch(/^[0-9a-f]{64}$/u);
  });
});

describe('cosmetic properties', () => {
  const update = (kind: string, field: string, value: string): Plan => ({
    ...samplePlan,
    changes: [
      {
        step: 'Set',
        object: { kind, identity: 'x' },
        action: 'update',
        title: 'x',
        fields: [
          { field: 'Enabled', before: false, after: true },
          { field, before: value, after: 'ours' },
        ],
        call: { cmdlet: 'Set', parameters: { Identity: 'x', Enabled: true, [field]: 'ours' } },
        inverse: { cmdlet: 'Set', parameters: { Identity: 'x', Enabled: false, [field]: value } },
        irreversible: null,
        risky: true,
      },
    ],
  });
  const all = Object.entries(cosmeticProperties).flatMap(([kind, fields]) =>
    fields.map((field) => [kind, field] as const),
  );

  it.each(all)('%s %s may be edited by a colleague without a new decision', (kind, field) => {
    expect(planDigest(update(kind, field, 'theirs'))).toBe(planDigest(update(kind, field, 'before')));
  });

  it('are looked up by kind: the same name may be effective elsewhere', () => {
    expect(planDigest(update('SpoofItem', 'Comment', 'a'))).not.toBe(planDigest(update('SpoofItem', 'Comment', 'b')));
  });

  it('make no difference between a change of nothing else and no change', () => {
    const [change] = update('InboundConnector', 'Comment', 'theirs').changes;
    const comment = {
      ...samplePlan,
      changes: change ? [{ ...change, fields: change.fields.slice(1), risky: false }] : [],
    };
    const nothing = {
      ...samplePlan,
      changes: comment.changes.map((one) => ({
        ...one,
        action: 'no-op' as const,
        fields: [],
        call: null,
        inverse: null,
      })),
    };
    expect(planDigest(comment)).toBe(planDigest(nothing));
  });

  it('are bound all the same where an object is made', () => {
    const [change] = update('InboundConnector', 'Comment', 'theirs').changes;
    const made = (after: string): Plan => ({
      ...samplePlan,
      changes: change ? [{ ...change, action: 'create', fields: [{ field: 'Comment', before: null, after }] }] : [],
    });
    expect(planDigest(made('a'))).not.toBe(planDigest(made('b')));
  });
});
