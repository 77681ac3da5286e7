import { samePerson } from '../person.ts';
import { openStates, type ProvisioningRequest } from '../request.ts';
import { type AuditEvent, requestHash } from './audit-event.ts';

/** One thing an auditor asks about a change, answered from the trail. */
export interface Control {
  readonly question: string;
  /** Null where the question does not arise, because it did not come to that. */
  readonly holds: boolean | null;
  readonly fact: string;
}

/** The request as an entry of the trail has seen it: its number of changes and the SHA-256 of its stored text. */
export type SeenRequest = Pick<NonNullable<AuditEvent['after']>, 'revision' | 'sha256'>;

/**
 * Answers for one request. `events` are its entries in order, `request` is what is stored now, `exported` is what the
 * entry of its export has seen; null where it is not exported.
 */
export function controlsOf(
  request: ProvisioningRequest,
  events: readonly AuditEvent[],
  exported: SeenRequest | null = null,
): readonly Control[] {
  return [
    asked(request, events),
    anotherApproved(request, events),
    enoughApproved(events),
    approvedIsExecuted(events),
    everyWriteHasItsOutcome(events),
    inOrder(events),
    storedAsAudited(request, events, exported),
  ];
}

function asked({ requester }: ProvisioningRequest, events: readonly AuditEvent[]): Control {
  const question = 'The change was asked for by a known person';
  const entry = events.find(({ action }) => action === 'requested');
  const holds = entry?.actor ? samePerson(entry.actor, requester) : false;
  return { question, holds, fact: entry ? `${entry.actor?.name ?? 'nobody'} at ${entry.at}` : 'no entry says so' };
}

/** The approvals that counted: those after the last plan that voided earlier ones, of people who kept their right. */
function approvalsThatCount(events: readonly AuditEvent[]): readonly AuditEvent[] {
  const voided = events.findLastIndex(({ action }) => action === 'superseded' || action === 'policy-changed');
  const since = events.slice(voided + 1);
  return since.filter(({ action, outcome, actor }, index) => {
    const lost = since.slice(index).flatMap((one) => (one.action === 'approval-lost' ? one.detail['lost'] : []));
    return action === 'approve' && outcome === 'accepted' && !lost.includes(actor?.objectId ?? '');
  });
}

function anotherApproved({ requester }: ProvisioningRequest, events: readonly AuditEvent[]): Control {
  const question = 'Another person approved it';
  const approvals = approvalsThatCount(events);
  const started = events.some(({ action }) => action === 'run-started');
  const alone = startedAlone(events);
  if (alone) return { question, ...afterEmergency(alone, events) };
  if (approvals.length === 0) return { question, holds: started ? false : null, fact: 'nobody approved it' };
  const holds = approvals.every(({ actor }) => actor !== null && !samePerson(actor, requester));
  return { question, holds, fact: approvals.map(({ actor, at }) => `${actor?.name ?? 'nobody'} at ${at}`).join(', ') };
}

/** The last approval that counts says how many there were by then and how many the policy asked for. */
function enoughApproved(events: readonly AuditEvent[]): Control {
  const question = 'As many people approved it as the policy asked for';
  const { approvals, needed } = approvalsThatCount(events).at(-1)?.detail ?? {};
  const started = events.some(({ action }) => action === 'run-started');
  if (!started || startedAlone(events)) return { question, holds: null, fact: 'nothing was started by approvals' };
  if (typeof approvals !== 'number' || typeof needed !== 'number') {
    return { question, holds: null, fact: 'no entry says how many it asked for' };
  }
  return { question, holds: approvals >= needed, fact: `${approvals} approved, ${needed} were needed` };
}

/** The entry of the emergency start of the plan that counted, if one person started it alone. */
function startedAlone(events: readonly AuditEvent[]): AuditEvent | undefined {
  const voided = events.findLastIndex(({ action }) =>
    ['superseded', 'policy-changed', 'approval-lost'].includes(action),
  );
  return events.slice(voided + 1).findLast(({ action, outcome }) => action === 'break-glass' && outcome === 'accepted');
}

/** Nobody else approved it; what an auditor wants to know then is whether somebody else has looked at it since. */
function afterEmergency(alone: AuditEvent, events: readonly AuditEvent[]): Pick<Control, 'holds' | 'fact'> {
  // An earlier emergency of the same request may have been reviewed too: that says nothing about this one.
  const later = events.slice(events.indexOf(alone) + 1);
  const review = later.find(({ action, outcome }) => action === 'review' && outcome === 'accepted');
  const accepted = review?.detail['verdict'] === 'accepted';
  const since = review
    ? `${review.actor?.name ?? 'nobody'} ${accepted ? 'accepted it' : 'objected'} at ${review.at}`
    : 'not reviewed';
  const fact = `${alone.actor?.name ?? 'nobody'} started it alone in an emergency at ${alone.at}; ${since}`;
  return { holds: accepted ? null : false, fact };
}

function approvedIsExecuted(events: readonly AuditEvent[]): Control {
  const question = 'The plan that was approved is the plan that ran';
  const executed = events.filter(({ action }) => action === 'run-started' || action.startsWith('step-'));
  const approved = approvalsThatCount(events)[0] ?? startedAlone(events);
  if (executed.length === 0) return { question, holds: null, fact: 'nothing ran' };
  const holds = approved?.digest != null && executed.every(({ digest }) => digest === approved.digest);
  return { question, holds, fact: `approved ${approved?.digest ?? 'nothing'}` };
}

function everyWriteHasItsOutcome(events: readonly AuditEvent[]): Control {
  const question = 'Every write has its intent before it and its outcome after it';
  const writes = events.filter(isIntent);
  if (writes.length === 0) return { question, holds: null, fact: 'nothing was written' };
  const open = writes.filter((write) => !outcomeOf(write, events));
  const ended = events.some(({ after }) => after !== null && ['done', 'undone', 'undo-failed'].includes(after.state));
  const fact = `${writes.length} intents, ${writes.length - open.length} outcomes`;
  return { question, holds: open.length === 0 ? true : ended ? false : null, fact };
}

/** Whether the entry says that a write is about to be sent, forwards or to take it back. */
export function isIntent({ action }: AuditEvent): boolean {
  return action === 'step-running' || action === 'step-undoing';
}

/** The entry that says how a step ended that this entry says has begun. */
export function outcomeOf(write: AuditEvent, events: readonly AuditEvent[]): AuditEvent | undefined {
  return events
    .slice(events.indexOf(write) + 1)
    .find(
      (event) => event.action.startsWith('step-') && !isIntent(event) && event.detail['step'] === write.detail['step'],
    );
}

function inOrder(events: readonly AuditEvent[]): Control {
  const question = 'Its entries are in the order of time';
  const late = events.find((event, index) => event.at < (events[index - 1]?.at ?? ''));
  const fact = `${events.at(0)?.at ?? 'no entry'} to ${events.at(-1)?.at ?? 'no entry'}`;
  return { question, holds: late === undefined, fact: late ? `${late.action} at ${late.at} is out of order` : fact };
}

function storedAsAudited(
  request: ProvisioningRequest,
  events: readonly AuditEvent[],
  exported: SeenRequest | null,
): Control {
  const question = 'The stored request is the one the trail last saw';
  const last = events.findLast(({ after }) => after !== null)?.after;
  if (!last) return { question, holds: false, fact: 'no entry saw it' };
  // While a proof is looked for, the request moves on without an entry. Only the trail can say that it was open.
  const wasOpen = openStates.some((state) => state === last.state);
  const movedOn = wasOpen && request.revision > last.revision;
  const seen = movedOn ? exported : last;
  const holds = seen && isSame(request, seen) && (exported === null || isSame(request, exported));
  return { question, holds, fact: `revision ${request.revision}, audited up to ${last.revision}` };
}

function isSame(request: ProvisioningRequest, { revision, sha256 }: SeenRequest): boolean {
  return request.revision === revision && requestHash(request) === sha256;
}
