import { describe, expect, it } from 'vitest';
import type { BreakGlass } from '../../src/core/break-glass.ts';
import { noClocks } from '../../src/core/clocks.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { requestCard } from '../../src/views/request-card.ts';
import { sampleApprover, sampleRequest } from '../../src/views/samples.ts';
import { type CardNode, expand } from './expand.ts';

const now = new Date('2026-11-21T14:05:00Z');
const windows = [{ days: ['sat' as const], from: '22:00', to: '04:00' }];
const freeze = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T20:00:00Z', reason: 'Black week' };
const terms = { timeZone: 'Europe/Berlin', windows: null, freezes: [], withinMinutes: 240 };

const broken: BreakGlass = {
  by: sampleApprover,
  at: '2026-11-21T13:00:00Z',
  reason: 'All mail is refused',
  planVersion: 2,
  digest: 'x',
  answerBy: '2026-11-22T13:00:00Z',
  answer: null,
  review: null,
  reminded: 0,
};
const answer = { text: 'The old gateway was down', at: '2026-11-21T13:30:00Z' };

function textOf(change: Partial<ProvisioningRequest>): string {
  return JSON.stringify(expand(requestCard({ ...sampleRequest, ...change }, now)));
}

function waiting(more: object): string {
  return textOf({ clocks: { ...noClocks, terms: { ...terms, ...more } } });
}

function verbsOf(change: Partial<ProvisioningRequest>): string[] {
  const verbs: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      const { verb } = node as CardNode;
      if (typeof verb === 'string') verbs.push(verb);
      Object.values(node).forEach(walk);
    }
  };
  walk(expand(requestCard({ ...sampleRequest, ...change }, now)));
  return verbs;
}

describe('views/clock-notes before the decision', () => {
  it('says that it starts at once, and how long the approval counts', () => {
    expect(waiting({})).toContain('Once approved it starts at once. If it has not started within 4 h');
  });

  it('says that a change window is open now', () => {
    expect(waiting({ windows: [{ ...windows[0], from: '15:00', to: '16:00' }] })).toContain('A change window is open');
  });

  it('names the opening of the change window and the latest start', () => {
    const text = waiting({ windows });
    expect(text).toContain('The change window opens at {{DATE(2026-11-21T21:00:00Z,SHORT)}}');
    expect(text).toContain('and closes at {{DATE(2026-11-22T03:00:00Z,SHORT)}}');
    expect(text).toContain('it has to start by {{DATE(2026-11-22T01:00:00Z,SHORT)}}');
  });

  it('says why a freeze holds it back, and that the approval would expire before', () => {
    expect(waiting({ freezes: [freeze] })).toContain('Black week');
    expect(waiting({ freezes: [freeze] })).toContain('before it may start. Ask again closer to the time.');
    expect(waiting({ freezes: [freeze], withinMinutes: 600 })).not.toContain('Ask again closer');
  });

  it('says that there is no change window at all', () => {
    expect(waiting({ windows: [] })).toContain('names no change window');
  });
});

describe('views/clock-notes after the approval', () => {
  it('says what it waits for and until when', () => {
    const hold = { until: '2026-11-21T21:00:00.000Z', freeze };
    const clocks = { ...noClocks, terms: { ...terms, windows }, hold, startBy: '2026-11-21T23:00:00.000Z' };
    const text = textOf({ state: 'approved', clocks });
    expect(text).toContain('Approved – held back by a freeze');
    expect(text).toContain('It has to start by');
    expect(textOf({ state: 'approved', clocks: { ...clocks, startBy: hold.until } })).toContain('It will expire at');
  });
});

describe('views/clock-notes of an emergency', () => {
  const open = { ...noClocks, terms, answerWithinHours: 24 };

  it('offers break-glass only where the policy allows it and something waits', () => {
    expect(verbsOf({ clocks: open })).toContain('break-glass');
    expect(textOf({ clocks: open })).toContain('Within 24 h you have to say what happened');
    expect(verbsOf({ clocks: { ...open, answerWithinHours: null } })).not.toContain('break-glass');
    expect(verbsOf({ clocks: open, state: 'running' })).not.toContain('break-glass');
  });

  it('asks for the answer, then for the review, then for nothing', () => {
    const done = { state: 'done', clocks: open } as const;
    expect(verbsOf({ ...done, breakGlass: broken })).toEqual(['answer']);
    expect(verbsOf({ ...done, breakGlass: { ...broken, answer } })).toEqual(['review-accept', 'review-object']);
    const review = { by: sampleApprover, verdict: 'objection', text: 'Too rash', at: answer.at } as const;
    const reviewed = { ...done, breakGlass: { ...broken, answer, review } };
    expect(verbsOf(reviewed)).toEqual([]);
    expect(textOf(reviewed)).toContain('who objected: Too rash');
  });
});
