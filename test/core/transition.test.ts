import { describe, expect, it, vi } from 'vitest';
import { transition } from '../../src/core/transition.ts';
import { faults } from './transition-faults.ts';
import { brokenRule } from './transition-model.ts';

// A few seconds on a free machine; the build often is not alone on its own.
vi.setConfig({ testTimeout: 120_000 });

describe('the gate', () => {
  it('keeps every rule in random stories', () => {
    expect(brokenRule(transition, 3000)).toBe(null);
  });

  it.each(Object.entries(faults))('is caught by the model when it %s', (_fault, faulty) => {
    expect(brokenRule(faulty, 40_000, { shortest: false })).toContain('broken rule');
  });
});
