import type { Audience, Notice } from '../notice.ts';
import type { Outcome, ProvisioningRequest, StepProgress } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import type { SetUp } from '../set-up.ts';
import type { TakeBack } from '../standstill.ts';
import type { AuditEntry, Effect } from '../store.ts';
import type { ProofOutcome } from '../workflow.ts';
import { finish } from './finish.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';
import { startRun } from './starting.ts';

type RunReport = EventOf<'run-started' | 'step' | 'proof' | 'completed' | 'undone' | 'undo-failed'>;

/** A run reports how far it is. */
export function runEvent(request: ProvisioningRequest, event: RunReport, context: GateContext): Transition {
  if (!mayReport(request, event)) return wrongState(request);
  switch (event.type) {
    case 'run-started':
      return startRun(request, event, context);
    case 'step': {
      if (event.status === 'running' && request.stopRequestedBy) return stopAsked(request.stopRequestedBy.name);
      if (isMarked(request.steps[event.index]?.status, event.status)) return marked(request, event);
      const steps = request.steps.map((step, index) =>
        index === event.index ? { ...step, status: event.status } : step,
      );
      return moved({ ...request, steps }, context, [card(request)], stepAudit(request, event));
    }
    case 'proof':
      return moved(
        {
          ...request,
          takeBack: afterProof(request, event),
          proofs: request.proofs.toSpliced(event.index, 1, event.proof),
        },
        context,
        [card(request), ...settled(request, event)],
        null,
      );
    case 'completed': {
      const outcome = withLateStop(request, event.outcome);
      return withSetUp(finish(request, 'done', outcome, context, 'completed', done[event.proof]), event.setUp);
    }
    case 'undone': {
      const ended = finish(request, 'undone', event.outcome, context, 'undone', ['undone', 'bad']);
      return withSetUp(ended, request.setUpBefore);
    }
    case 'undo-failed': {
      const everybody: Audience[] = ['thread', 'requester', 'operators'];
      const next = request.state === 'undoing' ? request : { ...request, setUpBefore: setUpBefore(event) };
      const left = finish(next, 'undo-failed', event.outcome, context, event.type, [event.type, 'bad'], everybody);
      return withSetUp(left, event.setUp);
    }
  }
}

/** A run reports while it runs, and an undo that is tried again while it is under way. */
function mayReport({ state }: ProvisioningRequest, { type }: RunReport): boolean {
  if (type === 'run-started') return state === 'approved';
  return state === 'running' || (state === 'undoing' && ['step', 'undone', 'undo-failed'].includes(type));
}

/** What the tenant's set-up goes back to once a later undo works; one that was not there before is planned at most. */
function setUpBefore({ setUp, before = null }: EventOf<'undo-failed'>): SetUp | null {
  return before ?? (setUp && { ...setUp, locked: false, health: 'planned' });
}

/** A proof that came after all ends the waiting for it. */
function afterProof({ takeBack }: ProvisioningRequest, { index, proof }: EventOf<'proof'>): TakeBack | null {
  return takeBack?.proof === index && proof.status === 'proven' ? null : takeBack;
}

const done: Record<ProofOutcome, readonly [Notice['kind'], Notice['tone']]> = {
  proven: ['proven', 'good'],
  unknown: ['not-proven', 'attention'],
  failed: ['disproven', 'bad'],
  none: ['finished', 'good'],
};

/** A stop that came after the last step could not do anything any more, and whoever asked for it must know. */
function withLateStop({ stopRequestedBy }: ProvisioningRequest, outcome: Outcome): Outcome {
  if (!stopRequestedBy) return outcome;
  const late = `${stopRequestedBy.name} asked to stop when everything was already done, so nothing was taken back.`;
  return {
    ...outcome,
    message: `${outcome.message} ${late}`,
    next: `${outcome.next} Make a new request to undo it.`.trim(),
  };
}

function withSetUp(ended: Transition, setUp: SetUp | null): Transition {
  if (ended.kind === 'refused' || !setUp) return ended;
  return { ...ended, effects: [{ kind: 'set-up', setUp }, ...ended.effects] };
}

/** Whether a mark says nothing new: it is there already, or it says that something begins that has ended. */
function isMarked(now: StepProgress['status'] | undefined, next: StepProgress['status']): boolean {
  if (next === 'running') return now !== 'waiting';
  return now === next || (next === 'undoing' && (now === 'undone' || now === 'failed'));
}

/**
 * No step begins once a person wants the run to stop; the run hears of it here, however late the wish came. One that is
 * on record is done to its end, also by another process: only then is it known what there is to take back.
 */
function stopAsked(name: string): Transition {
  return { kind: 'refused', code: 'stop-asked', reason: `${name} asked the run to stop.`, audit: null };
}

/** A step that is done again after a crash reports again; it counts once. */
function marked(request: ProvisioningRequest, event: EventOf<'step'>): Transition {
  const reason = `Step ${event.index} of ${request.id} is marked ${event.status} already.`;
  return { kind: 'refused', code: 'already', reason, audit: null };
}

/** The first look after the settling time is worth a notice of its own; later attempts only edit the card. */
function settled(request: ProvisioningRequest, { index, proof }: EventOf<'proof'>): Effect[] {
  if (proof.status !== 'proving' || request.proofs[index]?.status !== 'settling') return [];
  const notice: Notice = {
    kind: 'settled',
    requestId: request.id,
    headline: `${request.id}: the change has settled in ${request.tenant.name}, the proof begins`,
    body: `${proof.title}: ${proof.needed} agreeing answers are needed.`,
    details: [],
    tone: 'neutral',
  };
  return tell(request, 'settled', notice, ['thread']);
}

function stepAudit(request: ProvisioningRequest, { index, status }: EventOf<'step'>): AuditEntry {
  const change = request.plan?.changes[index];
  const isBackwards = status === 'undoing' || status === 'undone' || status === 'not-undone';
  const call = isBackwards ? change?.inverse : change?.call;
  const entry = audit(request, `step-${status}`, null, { step: index, ...(call ? { cmdlet: call.cmdlet } : {}) });
  return change ? { ...entry, target: { kind: change.object.kind, identity: change.object.identity } } : entry;
}
