import { describe, expect, it } from 'vitest';
import { transition } from '../../src/core/transition.ts';
import { faults } from './transition-faults.ts';
import { brokenRule } from './transition-model.ts';

describe('the gate', () => {
  it('keeps every rule in random stories', () => {
    expect(brokenRule(transition, 3000)).toBe(null);
  });

  it.each(Object.entries(faults))('is caught by the model when it %s', (_fault, faulty) => {
    expect(brokenRule(faulty, 3000, { shortest: false })).toContain('broken rule');
  });
});
