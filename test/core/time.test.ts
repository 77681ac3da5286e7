import { describe, expect, it, vi } from 'vitest';
import { transition } from '../../src/core/transition.ts';
import { timeFaults } from './time-faults.ts';
import { brokenTimeRule } from './time-model.ts';

// A few seconds on a free machine; the build often is not alone on its own.
vi.setConfig({ testTimeout: 120_000 });

describe('the gate over time', () => {
  it('keeps every rule in random stories of a night in which the clocks change', () => {
    expect(brokenTimeRule(transition, 3000)).toBe(null);
  });

  it.each(Object.entries(timeFaults))('is caught by the model when it %s', (_fault, faulty) => {
    expect(brokenTimeRule(faulty, 20_000, { shortest: false })).toContain('broken rule');
  });
});
