import type { ProvisioningRequest, RequestState } from '../request.ts';

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
};

/** Where a request stands, as a sentence: who decided and when, and what has become of it. */
export function standing({ id, state, decisions }: ProvisioningRequest, now: Date): string {
  const decision = decisions.findLast(({ voided }) => !voided);
  if (!decision) return `${id} ${words[state]}.`;
  const did = decision.verdict === 'approve' ? 'approved' : 'denied';
  const decided = `${decision.by.name} ${did} ${id} at ${moment(decision.at, now)}`;
  return state === 'denied' ? `${decided}.` : `${decided}; it ${words[state]}.`;
}

function moment(iso: string, now: Date): string {
  const [day = '', time = ''] = iso.split('T');
  const clock = `${time.slice(0, 5)} UTC`;
  return now.toISOString().startsWith(day) ? clock : `${clock} on ${day}`;
}
