import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/change.ts';
import { type Plan, sealPlan } from '../../src/core/plan.ts';
import type { Reach } from '../../src/core/reach.ts';
import { planView } from '../../src/views/plan.ts';
import { barePlan, samplePlan, sampleRequest } from '../../src/views/samples.ts';
import { bytesOf, expand, ofType, runsOf } from './expand.ts';
import { hostileText, live } from './hostile.ts';

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

function reachWith(text: string, rows: number): Reach {
  const line = { address: text, domains: [text], moreDomains: 1, messages: 1, recipients: 1, isOwn: true, doubt: text };
  const top = Array.from({ length: rows }, () => ({ ...line, lastSeen: text }));
  const tally = { messages: rows, sources: rows + 1, top };
  const window = { from: text, to: text, isWhole: false, messages: rows, recipients: 1 };
  return {
    domains: [text],
    mayRefuse: true,
    neighbours: top.map(() => ({ object: { kind: text, identity: text }, why: text })),
    trace: { kind: 'read', ...window, refused: tally, admitted: tally },
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
    expect(runs).toMatch(/Ada Okafor approved the earlier plan at .*; that no longer counts\./u);
    expect(runs).toContain('InboundConnector Switchyard – ExchangeDefender – contoso.com · SenderIPAddresses');
  });

  it('shows each difference from three sides, in the order of time', () => {
    const runs = runsOf(cardOf(samplePlan));
    const at = runs.findIndex((run) => run.endsWith('· SenderIPAddresses'));
    expect(runs.slice(at + 1, at + 7)).toEqual([
      'When it was planned:  ',
      '65.99.255.0/24',
      'That plan would have made it:  ',
      '65.99.255.0/24, 206.125.40.0/24, 198.51.100.0/28',
      'Now it is:  ',
      '65.99.255.0/24, 203.0.113.9',
    ]);
    expect(runs.slice(at + 7, at + 12)).toEqual([
      'Other connectors that refuse direct delivery',
      'When it was planned:  ',
      'empty list',
      'Now it is:  ',
      'Old gateway',
    ]);
  });

  it('names the danger words in the heading, in each danger and in the toast', () => {
    const card = planView.card({ request: sampleRequest, plan: samplePlan, now, buttons: true });
    expect(card.summary).toContain('DANGER (refuses mail, cuts off senders) – ');
    const expanded = expand(card);
    expect(ofType(expanded, 'TextBlock').map(({ text }) => text)).toContain('⚠ Danger: Refuses mail, Cuts off senders');
    expect(runsOf(expanded)).toContain('Cuts off senders.  ');
  });

  it('names the servers whose mail would have been refused', () => {
    const card = cardOf(samplePlan);
    expect(ofType(card, 'TextBlock').map(({ text }) => text)).toContain(
      '✗ Would have been refused: 42 messages from 2 addresses',
    );
    const runs = runsOf(card).join('\n');
    expect(runs).toContain(
      '198.51.100.81: 30 messages from newsletter.example, shop.example to 17 recipients, the last at 06:12 UTC.',
    );
    expect(runs).toContain('These are own domains: a device or a web form is refused');
    expect(runs).toContain('192.0.2.9: 3 messages from nobody (bounces) to 1 recipient');
  });

  it('says so when it is not known whom it cuts off', () => {
    const reach = {
      ...samplePlan.reach,
      domains: [],
      mayRefuse: true,
      neighbours: [],
      trace: { kind: 'unknown', because: 'No role.' } as const,
    };
    const runs = runsOf(cardOf({ ...samplePlan, reach })).join('\n');
    expect(runs).toContain('is not known, because the message trace could not be read: No role.');
    expect(runs).not.toContain('would have been refused.\n');
  });

  it('says what stopping would send, and which changes stay for good', () => {
    expect(runsOf(cardOf(samplePlan)).join('\n')).toContain(
      'Remove-InboundConnector removes InboundConnector Switchyard – scanners – contoso.com again.',
    );
    const change = createWith(1, ['203.0.113.1'], 'x');
    const plan = sealPlan(
      { ...samplePlan, changes: [change] },
      { requester: samplePlan.requester, policyVersion: 'p' },
    );
    const card = cardOf(plan);
    expect(ofType(card, 'TextBlock').map(({ text }) => text)).toContain(
      '⚠ Not everything can be taken back: 1 of 1 changes stay.',
    );
    expect(runsOf(card).join('\n')).toContain('✗ InboundConnector x stays as the plan leaves it: x.');
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
    const page = ofType(card, 'Action.Execute').find(({ verb }) => verb === 'page');
    expect(page).toMatchObject({ title: 'Read all of it, page by page', data: { page: '1' } });
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
          differences: some(text, rows).map((subject) => ({
            about: 'object' as const,
            subject,
            field: text,
            plannedFrom: text,
            wanted: some(text, ranges),
            now: some(text, ranges),
            wantedNow: text,
          })),
          decisions: some(text, 9).map((name) => ({
            verdict: 'approve' as const,
            by: { ...sampleRequest.requester, name },
            at: text,
            digest: text,
            voided: true,
            rings: some(text, 3),
            signedInAt: text,
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
          reach: reachWith(text, rows),
        };
        expect(bytesOf(cardOf(plan, request))).toBeLessThanOrEqual(28 * 1024 - 600);
      }),
      { numRuns: 25 },
    );
  });

  it('lets no text of the tenant become a link, a mention, an image, an action or a binding', () => {
    const own = ofType(cardOf(samplePlan), 'TextBlock').map(({ text }) => String(text));
    const ownVerbs = ['page', ...ofType(cardOf(samplePlan), 'Action.Execute').map(({ verb }) => verb)];
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
          reach: reachWith(text, 2),
          guards: samplePlan.guards.map(({ finding }) => ({ finding: { ...finding, rule: text, fact: other } })),
        };
        const [difference] = sampleRequest.differences.map((one) => ({
          ...one,
          subject: text,
          field: other,
          now: text,
        }));
        const differences = difference ? [difference] : [];
        const tenant = { id: other, name: other };
        const card = cardOf(plan, { ...sampleRequest, title: text, tenant, differences });
        const actions = ofType(card, 'Action.Execute', 'Action.OpenUrl', 'Action.Submit', 'Action.ShowCard', 'Image');
        for (const { verb } of actions) expect(ownVerbs).toContain(verb);
        expect(JSON.stringify(card)).not.toMatch(live);
        for (const run of runsOf(card)) expect(run).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u200b-\u200f\u202a-\u202e]/u);
        // TextBlocks are read as markdown, so they hold our own words and bare property names only.
        const strange = ofType(card, 'TextBlock')
          .map((block) => String(block['text']))
          .filter((block) => !block.startsWith('⚠ Too long for one card: '))
          .filter((block) => !own.includes(block) && !/^[A-Za-z0-9 ]{1,60}$/.test(block));
        expect(strange).toEqual([
          '⚠ Danger',
          'What will be done: 1 change',
          '✗ Would have been refused: 2 messages from 3 addresses',
          'Was refused, and would come in: 2 messages from 3 addresses',
        ]);
      }),
      { numRuns: 150 },
    );
  });
});
