import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/change.ts';
import type { Plan } from '../../src/core/plan.ts';
import { planView } from '../../src/views/plan.ts';
import { barePlan, samplePlan, sampleRequest } from '../../src/views/samples.ts';
import { bytesOf, expand, ofType, runsOf } from './expand.ts';
import { hostileText } from './hostile.ts';

const now = new Date('2026-11-21T14:05:00Z');

function cardOf(plan: Plan, request = sampleRequest) {
  return expand(planView.card({ request: { ...request, plan }, plan, now, buttons: true }));
}

function createWith(fields: number, ranges: readonly string[], text: string): Change {
  return {
    step: 'New-InboundConnector',
    object: { kind: 'InboundConnector', identity: text },
    action: 'create',
    title: text,
    fields: Array.from({ length: fields }, (_, at) => ({ field: `Field${at}`, before: null, after: [...ranges] })),
    call: { cmdlet: 'New-InboundConnector', parameters: { Name: text, SenderIPAddresses: [...ranges] } },
    inverse: null,
    irreversible: text,
    risky: true,
  };
}

const sixtyRanges = Array.from({ length: 60 }, (_, at) => `203.0.113.${at}/32`);

describe('views/plan', () => {
  it('shows dangers before anything else that is to be decided', () => {
    const texts = ofType(cardOf(samplePlan), 'TextBlock').map(({ text }) => String(text));
    const at = (start: string) => texts.findIndex((text) => text.startsWith(start));
    expect(at('⚠ Danger')).toBeGreaterThan(-1);
    expect(at('⚠ Danger')).toBeLessThan(at('ℹ Before you decide'));
    expect(at('ℹ Before you decide')).toBeLessThan(at('What will be done'));
    expect(at('What will be done')).toBeLessThan(at('What stays as it is'));
  });

  it('shows every field before and after', () => {
    const runs = runsOf(cardOf(samplePlan)).join('\n');
    expect(runs).toContain('false\n  →  \ntrue');
    expect(runs).toContain('adds 206.125.40.0/24, 198.51.100.0/28; removes 203.0.113.9; keeps 1');
    expect(runs).toContain('65.99.255.0/24, 203.0.113.9');
  });

  it('shows what changed since the plan that was decided, and that the decision is void', () => {
    const runs = runsOf(cardOf(samplePlan)).join('\n');
    expect(runs).toContain('Ada Okafor approved the earlier plan at 14:02 UTC; that no longer counts.');
    expect(runs).toContain('SenderIPAddresses, now');
  });

  it('has no buttons where it is only shown, and says where it is decided', () => {
    const card = expand(planView.card({ request: sampleRequest, plan: samplePlan, now, buttons: false }));
    expect(ofType(card, 'Action.Execute')).toEqual([]);
    expect(JSON.stringify(card)).toContain('It is decided on the card in the conversation where it was asked for.');
  });

  it('says so when nothing is sent', () => {
    expect(JSON.stringify(cardOf(barePlan))).toContain('No change is sent');
  });

  it('shows the PowerShell that does it and, in reverse, the PowerShell that takes it back', () => {
    const runs = runsOf(cardOf(samplePlan)).filter((run) => /^(New|Set|Remove)-\w+ -/.test(run));
    expect(runs.map((run) => run.split(' ')[0])).toEqual([
      'New-InboundConnector',
      'Set-InboundConnector',
      'Set-InboundConnector',
      'Remove-InboundConnector',
    ]);
  });

  it('shows the first twelve digits of the digest in groups', () => {
    expect(runsOf(cardOf(samplePlan))).toContain('3fa9 1c07 be22');
  });

  it('shows every field of a set-up of usual size without shortening', () => {
    const plan = { ...samplePlan, changes: [createWith(14, sixtyRanges.slice(0, 6), 'Switchyard – ExchangeDefender')] };
    const text = JSON.stringify(cardOf(plan));
    for (let at = 0; at < 14; at++) expect(text).toContain(`"Field${at}"`);
    expect(text).not.toContain('Too long for one card');
  });

  it('shortens a plan that is too large and says so', () => {
    const card = cardOf({ ...samplePlan, changes: [createWith(200, sixtyRanges, 'x'.repeat(10_000))] });
    const text = JSON.stringify(card);
    expect(bytesOf(card)).toBeLessThanOrEqual(28 * 1024 - 600);
    expect(text).toMatch(/… and \d+ more fields/);
    expect(text).toMatch(/… and \d+ more/);
    expect(text).toContain('Too long for one card');
  });

  it('stays below 28 KB whatever the plan holds', () => {
    const long = fc.constantFrom('x', ...['漢', '"', "'", '😀', '\u200b'].map((one) => one.repeat(500)));
    const some = (text: string, count: number) => Array.from({ length: count }, () => text);
    fc.assert(
      fc.property(long, fc.nat(200), fc.nat(60), fc.nat(20), fc.nat(12), (text, fields, ranges, rows, changes) => {
        const finding = {
          ...samplePlan.guards[0]?.finding,
          check: text,
          rule: text,
          fact: text,
          remedy: '',
          evidence: {},
        };
        const change = createWith(fields, some(text, ranges), text);
        const update = {
          ...change,
          action: 'update' as const,
          fields: change.fields.map((f) => ({ ...f, before: [text] })),
        };
        const request = {
          ...sampleRequest,
          title: text,
          tenant: { id: text, name: text },
          requester: { ...sampleRequest.requester, name: text },
          differences: some(text, rows).map((subject) => ({ subject, planned: text, now: some(text, ranges) })),
          decisions: some(text, 9).map((name) => ({
            verdict: 'approve' as const,
            by: { ...sampleRequest.requester, name },
            at: text,
            digest: text,
            voided: true,
          })),
        };
        const plan: Plan = {
          ...samplePlan,
          changes: Array.from({ length: changes }, (_, at) => (at % 2 === 0 ? change : update)),
          guards: some(text, rows).map(() => ({ finding: { ...finding, status: 'warn' as const } })),
          proofs: some(text, rows).map((title) => ({
            title,
            timing: { settleSeconds: 1, everySeconds: 1, deadlineSeconds: 9, agreeing: 2 },
          })),
          warnings: some(text, rows).flatMap((t) => [
            { level: 'danger' as const, text: t },
            { level: 'notice' as const, text: t },
          ]),
          untouched: some(text, rows),
          blastRadius: some(text, rows),
        };
        expect(bytesOf(cardOf(plan, request))).toBeLessThanOrEqual(28 * 1024 - 600);
      }),
      { numRuns: 50 },
    );
  });

  it('lets no text of the tenant become a link, a mention, an image, an action or a binding', () => {
    const own = ofType(cardOf(samplePlan), 'TextBlock').map(({ text }) => String(text));
    fc.assert(
      fc.property(hostileText, hostileText, (text, other) => {
        const change = {
          ...createWith(2, [text, other], text),
          fields: [{ field: other, before: text, after: other }],
        };
        const plan: Plan = {
          ...samplePlan,
          changes: [change],
          warnings: [{ level: 'danger', text }],
          untouched: [other],
          guards: samplePlan.guards.map(({ finding }) => ({ finding: { ...finding, rule: text, fact: other } })),
        };
        const card = cardOf(plan, { ...sampleRequest, title: text, tenant: { id: other, name: other } });
        const actions = ofType(card, 'Action.Execute', 'Action.OpenUrl', 'Action.Submit', 'Action.ShowCard', 'Image');
        expect(actions.map(({ verb }) => verb)).toEqual(['approve', 'deny', 'cancel']);
        expect(JSON.stringify(card)).not.toMatch(/\$\{|\{\{|<\/?at\b/i);
        for (const run of runsOf(card)) expect(run).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u200b-\u200f\u202a-\u202e]/u);
        // TextBlocks are read as markdown, so they hold our own words and bare property names only.
        const strange = ofType(card, 'TextBlock')
          .map((block) => String(block['text']))
          .filter((block) => !own.includes(block) && !/^[A-Za-z0-9 ]{1,60}$/.test(block));
        expect(strange).toEqual(['What will be done: 1 change']);
      }),
      { numRuns: 300 },
    );
  });
});
