import type { Change } from '../change.ts';
import type { Risk } from './approval-policy.ts';

/**
 * How much a plan can hurt. High: a change that can stop or open mail flow, that removes something, or that cannot be
 * taken back. None: nothing is written at all.
 */
export function riskOf({ changes }: { readonly changes: readonly Change[] }): Risk {
  const writes = changes.filter(({ call }) => call !== null);
  if (writes.length === 0) return 'none';
  return writes.some(isGrave) ? 'high' : 'normal';
}

function isGrave({ risky, action, inverse }: Change): boolean {
  return risky || action === 'remove' || inverse === null;
}
