import type { ProvisioningRequest, RequestState } from '../request.ts';
import { utcMoment } from '../utc-moment.ts';

const words: Record<RequestState, string> = {
  planning: 'is still being planned',
  refused: 'was refused by a rule',
  'nothing-to-do': 'is closed, because nothing was left to do',
  'awaiting-approval': 'waits for an approver',
  denied: 'was denied',
  cancelled: 'was cancelled',
  expired: 'has expired',
  confirming: 'is approved and being confirmed',
  approved: 'is approved and waits for its turn',
  running: 'is running',
  done: 'is done',
  undone: 'was taken back',
  'undo-failed': 'could not be taken back completely and needs a person',
  undoing: 'is being taken back once more',
};

/** Where a request stands, as a sentence: who decided and when, and what has become of it. */
export function standing({ id, state, decisions }: ProvisioningRequest): string {
  const decision = decisions.findLast(({ voided }) => !voided);
  if (!decision) return `${id} ${words[state]}.`;
  const did = decision.verdict === 'approve' ? 'approved' : 'denied';
  const decided = `${decision.by.name} ${did} ${id} at ${utcMoment(decision.at)}`;
  return state === 'denied' ? `${decided}.` : `${decided}; it ${words[state]}.`;
}
