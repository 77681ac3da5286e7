import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { requestCard } from '../../src/views/request-card.ts';
import { sampleProof, sampleRequest, sampleRequester } from '../../src/views/samples.ts';
import { bytesOf, expand, ofType, runsOf } from './expand.ts';
import { hostileText, live } from './hostile.ts';

const now = new Date('2026-11-21T14:05:00Z');
const limit = 28 * 1024 - 600;

function headlineOf(card: Card): string {
  return String(ofType(expand(card), 'TextBlock')[0]?.['text']);
}

function inState(state: ProvisioningRequest['state'], more: Partial<ProvisioningRequest> = {}): Card {
  return requestCard({ ...sampleRequest, state, ...more }, now);
}

describe('views/request-card', () => {
  it('calls a run proven only when its proof is', () => {
    expect(headlineOf(inState('done', { proofs: [{ ...sampleProof, status: 'proven' }] }))).toBe('✓ Proven');
    for (const status of ['settling', 'proving', 'unknown'] as const) {
      const card = inState('done', { proofs: [{ ...sampleProof, status }] });
      expect(headlineOf(card)).toBe('⚠ Done, but not proven');
      expect(card.summary).toContain('NOT proven');
    }
    const disproven = inState('done', { proofs: [sampleProof, { ...sampleProof, status: 'failed' }] });
    expect(headlineOf(disproven)).toBe('✗ Done, but it does not act');
    expect(headlineOf(inState('done', { proofs: [] }))).toBe('✓ Done');
  });

  it('says that something was taken back only when something was', () => {
    const steps = [{ title: 'x', status: 'undone' } as const];
    expect(headlineOf(inState('undone', { steps }))).toBe('↩ Undone');
    expect(headlineOf(inState('undone', { steps: [{ title: 'x', status: 'waiting' }] }))).toMatch(
      /nothing was changed/u,
    );
  });

  it.each([
    ['planning', '◔ Working out the plan …'],
    ['awaiting-approval', '◷ Waits for an approver'],
    ['confirming', '◔ Approved – checking that nothing has changed since'],
    ['approved', '◔ Approved – waiting for its turn'],
    ['undone', '↩ Stopped – nothing was changed'],
    ['undo-failed', '✗ Needs a person – could not be taken back completely'],
    ['refused', '✗ Refused – nothing was changed'],
    ['nothing-to-do', '✓ Nothing to do'],
    ['denied', '✗ Denied – nothing was changed'],
    ['cancelled', '– Cancelled – nothing was changed'],
    ['expired', '– Expired – nothing was changed'],
  ] as const)('starts with what a request that is %s means', (state, headline) => {
    expect(headlineOf(inState(state, { proofs: [] }))).toBe(headline);
  });

  it('tells until when a settling change is waited for', () => {
    const runs = runsOf(expand(inState('running', { proofs: [{ ...sampleProof, status: 'settling' }] }))).join('\n');
    expect(runs).toContain(
      'First look at {{DATE(2026-11-21T14:20:00Z,SHORT)}} {{TIME(2026-11-21T14:20:00Z)}} (in 15 min); given up at {{DATE(2026-11-21T16:05:00Z,SHORT)}} {{TIME(2026-11-21T16:05:00Z)}} (in 2 h).',
    );
  });

  it.each(['planning', 'awaiting-approval', 'approved'] as const)('names the run it waits for while %s', (state) => {
    const behind = { id: 'R-3MNPQRST', workflow: 'lock-down', title: 'Lock down contoso' };
    const shown = (more: Partial<ProvisioningRequest>) => runsOf(expand(inState(state, more))).join(' ');
    const brake = shown({ behind, workflow: 'unlock' });
    expect(brake).toContain('starts when R-3MNPQRST (Lock down contoso) has ended.');
    expect(brake).toContain('“cancel R-3MNPQRST”, which stops it and takes the lock off at once.');
    expect(shown({ behind, workflow: 'set-up-gateway' })).toContain('stops it and takes back what it did.');
    expect(shown({ behind: null })).not.toContain('R-3MNPQRST');
  });

  it('says who asked to stop', () => {
    const card = inState('running', { stopRequestedBy: sampleRequester });
    expect(headlineOf(card)).toBe('↩ Stopping and rolling back');
    expect(runsOf(expand(card)).join(' ')).toContain('Rita Moreno asked to stop.');
  });

  it('shows what is left to be run by hand to the letter', () => {
    const left = ["Remove-InboundConnector -Identity 'two  blanks' -Confirm:$false"];
    const card = inState('undo-failed', { outcome: { code: 'x', message: 'm', next: 'n', left } });
    expect(runsOf(expand(card))).toContain(left[0]);
  });

  it('gives each state a line that stands alone', () => {
    expect(inState('awaiting-approval', { planVersion: 1 }).summary).toBe(
      'R-7K2QXDAB: DANGER (refuses mail, cuts off senders) – plan for Contoso is ready – needs an approver',
    );
    expect(inState('awaiting-approval').summary).toBe(
      'R-7K2QXDAB: DANGER (refuses mail, cuts off senders) – the plan for Contoso has changed – it needs a new decision',
    );
    expect(inState('denied').summary).toBe(
      'R-7K2QXDAB: denied, nothing was changed – Lock down contoso.com to ExchangeDefender',
    );
  });

  it('shows the step under way of a run with many steps', () => {
    const steps = Array.from({ length: 60 }, (_, at) => ({
      title: `step ${at}`,
      status: at < 40 ? ('done' as const) : at === 40 ? ('running' as const) : ('waiting' as const),
    }));
    const runs = runsOf(expand(inState('running', { steps })));
    expect(runs).toContain('step 40');
    expect(runs).toContain('… and 36 more of 60 steps');
  });

  it('stays small and harmless whatever a run and its outcome say', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom('漢', '"', '😀', 'x'), fc.nat(100), (text, filler, count) => {
        const long = text + filler.repeat(5000);
        const request: Partial<ProvisioningRequest> = {
          title: long,
          tenant: { id: long, name: long },
          steps: Array.from({ length: count }, () => ({ title: long, status: 'failed' as const })),
          proofs: [{ ...sampleProof, title: long, lastFact: long }],
          outcome: { code: long, message: long, next: long, left: Array.from({ length: count }, () => long) },
        };
        for (const state of ['running', 'undo-failed', 'done'] as const) {
          const card = expand(inState(state, request));
          expect(bytesOf(card)).toBeLessThanOrEqual(limit);
          expect(JSON.stringify(card)).not.toMatch(live);
          const verbs = ofType(card, 'Action.Execute').map(({ verb }) => verb);
          expect(verbs).toEqual({ running: ['pause', 'stop'], 'undo-failed': ['retry'], done: [] }[state]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
