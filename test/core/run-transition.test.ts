import { describe, expect, it } from 'vitest';
import { transition } from '../../src/core/transition.ts';
import { runFaults } from './run-faults.ts';
import { brokenRunRule } from './run-model.ts';

describe('the gate, while a run is under way', () => {
  it('keeps every rule in random stories', () => {
    expect(brokenRunRule(transition, 4000)).toBe(null);
  });

  it.each(Object.entries(runFaults))('is caught by the model when it %s', (_fault, faulty) => {
    expect(brokenRunRule(faulty, 40_000, false)).toContain('broken rule');
  });
});
