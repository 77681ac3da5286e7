import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, sealPlan } from '../../src/core/plan.ts';
import { planView } from '../../src/views/plan.ts';
import { planDocument } from '../../src/views/plan-document.ts';
import { planPageView } from '../../src/views/plan-page.ts';
import { pageCount, pagesOf } from '../../src/views/plan-pages.ts';
import { samplePlan, sampleRequest } from '../../src/views/samples.ts';
import { bytesOf, expand, ofType, runsOf } from './expand.ts';
import { hostileText, live } from './hostile.ts';

const now = new Date('2026-11-21T14:05:00Z');
const limit = 28 * 1024 - 600;
const domains = Array.from({ length: 200 }, (_, at) => `subsidiary-${at}.of-a-large-group.example`);

/** The plan of a tenant with two hundred domains, as a lock-down makes it. */
const large: Plan = sealPlan(
  {
    ...samplePlan,
    facts: { ...samplePlan.facts, domains, ranges: domains.map((_, at) => `198.51.${at}.0/24`) },
    guards: samplePlan.guards.map(({ finding }) => ({
      finding: {
        ...finding,
        fact: `resolver-1 and resolver-2 both see only the gateway for ${domains.join(', ')}.`,
        evidence: Object.fromEntries(domains.map((domain) => [domain, ['inbound30.exchangedefender.com']])),
      },
    })),
    warnings: [{ level: 'danger', word: 'refuses-mail', text: `Refuses every message for ${domains.join(', ')}.` }],
    blastRadius: [`All 200 domains: ${domains.join(', ')}.`],
  },
  { requester: samplePlan.requester, policyVersion: 'p' },
);

function pageOf(plan: Plan, page: number, turns = true) {
  return expand(planPageView.card({ request: { ...sampleRequest, plan }, plan, page, turns }));
}

function buttonsOf(plan: Plan, page: number): unknown[] {
  return ofType(pageOf(plan, page), 'Action.Execute').map(({ title, data }) => [
    title,
    (data as { page: string }).page,
  ]);
}

describe('the pages of a plan', () => {
  it('are there for a tenant with two hundred domains, whose card is shortened and stays below the limit', () => {
    const card = expand(planView.card({ request: sampleRequest, plan: large, now, buttons: true }));
    expect(bytesOf(card)).toBeLessThanOrEqual(limit);
    expect(JSON.stringify(card)).toContain('Too long for one card');
    expect(JSON.stringify(card)).toContain('Read all of it, page by page');
    expect(pageCount(large)).toBeGreaterThan(2);
  });

  it('show every word of it, none larger than Teams takes', () => {
    const pages = Array.from({ length: pageCount(large) }, (_, at) => pageOf(large, at + 1));
    for (const page of pages) expect(bytesOf(page)).toBeLessThanOrEqual(limit);
    const shown = new Set(pages.flatMap(runsOf));
    for (const { text } of pagesOf(large).flat()) expect(shown).toContain(text);
    const rows = pagesOf(large).flatMap((page) => page.filter(({ kind }) => kind !== 'heading'));
    const together = rows.map(({ text }) => text.replace(/^… /u, '')).join('');
    const whole = planDocument(large).flatMap(({ lines }) => lines.map(({ text }) => text));
    expect(together).toBe(whole.join(''));
    for (const domain of domains) expect(together.split(domain).length - 1).toBeGreaterThanOrEqual(5);
  });

  it('hold the whole digest and everything an approval binds to', () => {
    const shown = pagesOf(samplePlan)
      .flat()
      .map(({ text }) => text);
    expect(shown).toContain(`Fingerprint (SHA-256): ${samplePlan.digest}`);
    expect(shown).toContain('Workflow: lock-down, version 1');
    expect(shown).toContain('Gateway profile: exchangedefender@2026-11-01');
    expect(shown).toContain('Approval policy: sample-policy');
  });

  it('lead to the neighbours and back to the card', () => {
    const last = pageCount(large);
    expect(buttonsOf(large, 1)).toEqual([
      ['Next page ›', '2'],
      ['Back to the card', '0'],
    ]);
    expect(buttonsOf(large, 2)).toEqual([
      ['‹ Page before', '1'],
      ['Next page ›', '3'],
      ['Back to the card', '0'],
    ]);
    expect(buttonsOf(large, last)).toEqual([
      ['‹ Page before', String(last - 1)],
      ['Back to the card', '0'],
    ]);
    expect(buttonsOf(large, 999)).toEqual(buttonsOf(large, last));
  });

  it('have no buttons where all of them are posted', () => {
    expect(ofType(pageOf(large, 1, false), 'Action.Execute')).toEqual([]);
  });

  it('stay below the limit and harmless whatever the plan holds', () => {
    const texts = fc.oneof(hostileText, fc.constantFrom('漢'.repeat(9000), '😀'.repeat(9000), '"'.repeat(9000)));
    fc.assert(
      fc.property(texts, fc.nat(8), (text, count) => {
        const plan = { ...samplePlan, untouched: Array.from({ length: count }, () => text), title: text };
        for (let page = 1; page <= pageCount(plan); page += 1) {
          const card = pageOf(plan, page);
          expect(bytesOf(card)).toBeLessThanOrEqual(limit);
          expect(JSON.stringify(card)).not.toMatch(live);
        }
      }),
      { numRuns: 20 },
    );
  });
});
