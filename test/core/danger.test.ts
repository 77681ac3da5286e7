import { describe, expect, it } from 'vitest';
import { dangersOf, dangersOfReach, wordsOf } from '../../src/core/danger.ts';
import type { Reach } from '../../src/core/reach.ts';
import { sampleReach } from '../../src/views/sample-reach.ts';
import { samplePlan } from '../../src/views/samples.ts';

const unknown: Reach = { ...sampleReach, trace: { kind: 'unknown', because: 'The role is missing.' } };

describe('the dangers of a plan', () => {
  it('name each change that cannot be taken back, and each object that goes', () => {
    const [first] = samplePlan.changes;
    const change = first
      ? { ...first, action: 'remove' as const, inverse: null, irreversible: 'its key is gone' }
      : null;
    expect(dangersOf(change ? [change] : [])).toEqual([
      {
        level: 'danger',
        word: 'cannot-be-undone',
        text: expect.stringContaining('cannot be taken back: its key is gone.'),
      },
      { level: 'danger', word: 'removes', text: expect.stringContaining('takes the object away') },
    ]);
    expect(dangersOf(samplePlan.changes)).toEqual([]);
  });

  it('name the mail that would have been refused', () => {
    expect(dangersOfReach(sampleReach)).toMatchObject([{ level: 'danger', word: 'cuts-off-senders' }]);
    expect(dangersOfReach(null)).toEqual([]);
  });

  it('say so when it is not known whom a change cuts off, and only where it can cut off somebody', () => {
    expect(dangersOfReach(unknown)).toMatchObject([
      { word: 'doubtful-facts', text: expect.stringContaining('The role is missing.') },
    ]);
    expect(dangersOfReach({ ...unknown, mayRefuse: false })).toEqual([]);
  });

  it('have words that stand once each, in one order', () => {
    const danger = (word: 'removes' | 'refuses-mail') => ({ level: 'danger' as const, word, text: 'x' });
    const notice = { level: 'notice' as const, word: 'opens-delivery' as const, text: 'x' };
    expect(wordsOf([danger('removes'), danger('refuses-mail'), danger('removes'), notice])).toEqual([
      'refuses-mail',
      'removes',
    ]);
  });
});
