import type { Change } from '../change.ts';
import type { Risk } from './approval-policy.ts';

/**
 * How much a plan can hurt. High: a change that can stop or open mail flow, that removes something, that cannot be taken
 * back, or that is about who approves. None: nothing is written at all.
 */
export function riskOf({ changes }: { readonly changes: readonly Change[] }): Risk {
  const writes = changes.filter(({ call }) => call !== null);
  if (writes.length === 0) return 'none';
  return writes.some(isGrave) ? 'high' : 'normal';
}

function isGrave({ risky, action, inverse, object }: Change): boolean {
  // Whoever changes who approves can change everything.
  return risky || action === 'remove' || inverse === null || object.kind === 'ApprovalPolicy';
}
