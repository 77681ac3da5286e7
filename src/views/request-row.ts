import type { ProvisioningRequest, RequestState } from '../core/request.ts';
import { clean } from './text.ts';

const words: Record<RequestState, string> = {
  planning: '◔ being planned',
  'awaiting-approval': '◷ waits for an approver',
  confirming: '◔ approved, being confirmed',
  approved: '◔ approved, waits for its turn',
  running: '▶ running',
  done: '✓ done',
  undone: '↩ undone',
  'undo-failed': '✗ needs a person',
  undoing: '↩ being taken back once more',
  refused: '✗ refused',
  'nothing-to-do': '✓ nothing to do',
  denied: '✗ denied',
  cancelled: '– cancelled',
  expired: '– expired',
};

/** A request in one row of a list. */
export function requestRow(request: ProvisioningRequest) {
  return {
    id: request.id,
    title: clean(request.title, 140),
    tenant: clean(request.tenant.name, 60),
    state: stateOf(request),
    requester: clean(request.requester.name, 60) || 'somebody without a name',
  };
}

function stateOf({ pause, clocks, state }: ProvisioningRequest): string {
  if (pause) return '‖ paused';
  if (clocks.hold?.unclear) return '◷ approved, cannot start yet';
  return clocks.hold ? '◷ approved, waits for its time' : words[state];
}
