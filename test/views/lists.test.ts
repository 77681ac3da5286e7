import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askBackCard } from '../../src/views/ask-back.ts';
import { errorCard } from '../../src/views/error.ts';
import { formCard } from '../../src/views/form.ts';
import { gatewaysCard } from '../../src/views/gateways.ts';
import { helpCard } from '../../src/views/help.ts';
import { noticeCard } from '../../src/views/notice.ts';
import { pendingCard } from '../../src/views/pending.ts';
import { sampleRequest } from '../../src/views/samples.ts';
import { statusCard } from '../../src/views/status.ts';
import { bytesOf, expand, ofType, runsOf } from './expand.ts';
import { hostileText, live } from './hostile.ts';

const now = new Date('2026-11-21T14:05:00Z');
const limit = 28 * 1024 - 600;
const setUp = {
  tenantId: 't',
  gateway: 'g',
  gatewayVersion: '1',
  connector: 'c',
  ranges: [],
  mxPatterns: [],
  locked: true,
};

describe('views of lists, questions and answers', () => {
  it('asks back with suggestions as text only', () => {
    const card = expand(askBackCard({ what: 'domain', given: 'cont0so.com', suggestions: ['contoso.com'] }));
    expect(runsOf(card).join('')).toContain('I know no domain cont0so.com.');
    expect(runsOf(card)).toContain('contoso.com');
    expect(JSON.stringify(card)).not.toContain('"Action.');
  });

  it('shows a look-alike beside its form in DNS', () => {
    const card = askBackCard({ what: 'domain', given: 'соntoso.com', suggestions: ['contoso.com'] });
    expect(card.summary).toBe('I know no domain соntoso.com (in DNS: xn--ntoso-iyeu.com). Did you mean contoso.com?');
  });

  it('puts what needs somebody first in the status', () => {
    const setUps = [
      { ...setUp, domain: 'fine.example', health: 'proven' as const },
      { ...setUp, domain: 'doubtful.example', health: 'unknown' as const },
      { ...setUp, domain: 'broken.example', health: 'degraded' as const },
    ];
    const card = statusCard({ setUps, requests: [], now });
    const domains = runsOf(expand(card)).filter((run) => run.endsWith('.example'));
    expect(domains).toEqual(['broken.example', 'doubtful.example', 'fine.example']);
    expect(card.summary).toBe('Status: 3 set-ups, 2 to look at, 0 open requests');
  });

  it('never shows unknown health as good', () => {
    const card = expand(
      statusCard({ setUps: [{ ...setUp, domain: 'a.example', health: 'unknown' }], requests: [], now }),
    );
    const health = ofType(card, 'TextBlock').find(({ text }) => text === '? unknown');
    expect(health?.['color']).toBe('Warning');
    expect(JSON.stringify(card)).not.toContain('✓');
  });

  it('lists what is to be decided soonest first', () => {
    const later = { ...sampleRequest, id: 'R-LATER222', decideBy: '2026-11-22T00:00:00Z' };
    const never = { ...sampleRequest, id: 'R-NEVER222', decideBy: null };
    const ids = runsOf(expand(pendingCard({ requests: [never, later, sampleRequest], here: '', now }))).filter((run) =>
      run.startsWith('R-'),
    );
    expect(ids.map((run) => run.trim())).toEqual(['R-7K2QXDAB', 'R-LATER222', 'R-NEVER222']);
  });

  it('keeps known answers in a form and says why it comes back', () => {
    const form = [{ id: 'domain', label: 'Domain', kind: 'text' as const, placeholder: '', required: true }];
    const workflow = { name: 'lock-down', title: 'Lock down', summary: '', form };
    const card = expand(formCard({ workflow, values: { domain: 'contoso.com' }, problem: 'domain: unknown' }));
    expect(ofType(card, 'Input.Text').map(({ id, value }) => [id, value])).toEqual([['domain', 'contoso.com']]);
    expect(runsOf(card)).toContain('domain: unknown');
    expect(ofType(card, 'Action.Execute').map(({ verb, data }) => ({ verb, data }))).toEqual([
      { verb: 'submit', data: { workflow: 'lock-down' } },
    ]);
  });

  it('stays small and harmless whatever it is given', () => {
    const text = fc
      .tuple(hostileText, fc.constantFrom('', 'x', '漢', '"', '😀'))
      .map(([start, one]) => start + one.repeat(3000));
    fc.assert(
      fc.property(text, fc.nat(120), (given, count) => {
        const many = Array.from({ length: count }, () => given);
        const request = {
          ...sampleRequest,
          title: given,
          tenant: { id: given, name: given },
          requester: { ...sampleRequest.requester, name: given },
        };
        const hostile = {
          tenantId: given,
          gateway: given,
          gatewayVersion: '1',
          connector: given,
          ranges: many,
          mxPatterns: many,
          locked: true,
          health: 'degraded' as const,
        };
        const cards = [
          askBackCard({ what: 'domain', given, suggestions: many }),
          errorCard({ code: given, message: given, next: given }),
          noticeCard({ kind: 'undone', requestId: given, headline: given, body: given, details: many, tone: 'bad' }),
          statusCard({
            setUps: many.map((domain) => ({ ...hostile, domain })),
            requests: many.map(() => request),
            now,
          }),
          pendingCard({ requests: many.map(() => request), here: '', now }),
          gatewaysCard({ gateways: many.map((name) => ({ key: name, name, ranges: many, asOf: name })) }),
          helpCard({ workflows: [], questions: [{ phrase: given, summary: given }] }),
        ];
        for (const card of cards) {
          const expanded = expand(card);
          expect(bytesOf(expanded)).toBeLessThanOrEqual(limit);
          expect(JSON.stringify(expanded)).not.toMatch(live);
          expect(ofType(expanded, 'Action.Execute', 'Action.OpenUrl', 'Action.Submit', 'Image')).toEqual([]);
          expect(card.summary.length).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 50 },
    );
  });
});
