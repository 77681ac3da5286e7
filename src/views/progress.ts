import { isBroken } from '../core/break-glass.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { behindModel } from './behind.ts';
import { breakGlassModel } from './break-glass.ts';
import { type Buttons, offers } from './buttons.ts';
import { clockNotes } from './clock-notes.ts';
import { decisionRows } from './decisions.ts';
import { proofsModel } from './proof.ts';
import { requestHead } from './request-head.ts';
import { bareRequest, sampleDecision, samplePause, sampleRequest, sampleTakeBack } from './samples.ts';
import { pauseHeadline, standstillModel } from './standstill.ts';
import { stepCount, stepsModel } from './steps.ts';
import { clean } from './text.ts';
import { localMoment } from './time.ts';
import { defineView } from './view.ts';

/** A request that was approved and is not finished. */
export interface ProgressInput {
  readonly request: ProvisioningRequest;
  readonly now: Date;
  readonly buttons: Buttons;
}

export const progressView = defineView<ProgressInput>({
  template: 'progress',
  model: ({ request, now, buttons }) => {
    const decisions = decisionRows(request.decisions);
    const standstill = standstillModel(request, now, buttons);
    const { canPause, canResume, canRetry, canHold, canRelease } = standstill;
    const canStop = offers(buttons, 'cancel') && request.stopRequestedBy === null && request.state !== 'undoing';
    return {
      ...requestHead(request),
      ...behindModel(isNext(request) ? request : { ...request, behind: null }),
      headline: headline(request),
      explanation: explanation(request),
      hasDecisions: decisions.length > 0,
      decisions,
      ...stepsModel(request.steps),
      ...proofsModel(request.proofs, now),
      ...standstill,
      ...clockNotes(request, now),
      ...breakGlassModel(request, buttons),
      asOf: localMoment(now.toISOString()),
      canStop,
      hasButtons: canStop || canPause || canResume || canRetry || canHold || canRelease,
      requestId: request.id,
      nonce: request.nonce,
    };
  },
  summary: ({ request }) => `${request.id}: ${phase(request)} in ${request.tenant.name}`,
  sample: {
    request: {
      ...sampleRequest,
      state: 'running',
      pause: samplePause,
      takeBack: sampleTakeBack,
      decisions: [sampleDecision],
    },
    now: new Date('2026-11-21T14:12:00Z'),
    buttons: true,
  },
  minimal: { request: { ...bareRequest, state: 'confirming' }, now: new Date('2026-11-21T14:12:00Z'), buttons: false },
});

/** Approved and only waiting for the run before it. */
function isNext({ state, clocks }: ProvisioningRequest): boolean {
  return state === 'approved' && clocks.hold === null;
}

function headline(request: ProvisioningRequest): string {
  if (request.pause !== null) return pauseHeadline(request);
  if (request.state === 'undoing') return '↩ Being taken back once more';
  if (request.stopRequestedBy !== null) return '↩ Stopping and rolling back';
  if (request.state === 'confirming')
    return `◔ ${isBroken(request) ? 'Started alone' : 'Approved'} – checking that nothing has changed since`;
  if (request.clocks.hold?.unclear) return '◷ Approved – cannot start yet';
  if (request.clocks.hold?.freeze) return '◷ Approved – held back by a freeze';
  if (request.clocks.hold) return '◷ Approved – starts in the change window';
  if (request.state === 'approved') return '◔ Approved – waiting for its turn';
  if (request.proofs.at(-1)?.status === 'settling') return '◷ Changes made – settling';
  if (request.proofs.at(-1)?.status === 'proving') return '◔ Changes made – being proven';
  if (request.proofs.at(-1)?.status === 'overdue') return '⚠ Changes made – not proven in time';
  return `▶ Running – ${stepCount(request.steps)}`;
}

function explanation(request: ProvisioningRequest): string {
  const tenant = clean(request.tenant.name, 80);
  if (request.pause !== null) return `What is done so far in ${tenant} stays as it is.`;
  if (request.state === 'undoing') return `What could not be taken back in ${tenant} is tried again, in reverse order.`;
  if (request.stopRequestedBy !== null) {
    return `${clean(request.stopRequestedBy.name, 80)} asked to stop. The step under way is finished, then everything done so far is taken back.`;
  }
  if (request.state === 'confirming')
    return `${tenant} is read once more; the ${isBroken(request) ? 'emergency start' : 'approval'} holds only for the plan that was shown.`;
  if (request.clocks.hold) return `Nothing is written in ${tenant} until it starts. It can still be stopped.`;
  if (request.state === 'approved') return `The plan still holds; the run begins as soon as ${tenant} is free.`;
  if (request.proofs.at(-1)?.status === 'overdue')
    return `The changes in ${tenant} are made and read back, but the proof that they act did not come in time.`;
  if (request.proofs.length > 0)
    return `The changes in ${tenant} are made and read back. Now it is proven that they act.`;
  return `Changes in ${tenant} are made one after the other, and each is read back. If one fails, all are taken back.`;
}

function phase(request: ProvisioningRequest): string {
  if (request.pause?.code) return 'PAUSED BY ITSELF, a person is needed';
  if (request.pause) return 'paused';
  if (request.takeBack && !request.takeBack.hold && !request.takeBack.begun) return 'WILL BE TAKEN BACK unless held';
  if (request.state === 'undoing') return 'being taken back once more';
  if (request.stopRequestedBy !== null) return 'stopping and rolling back';
  if (request.state === 'confirming') return 'approved, being confirmed';
  if (request.clocks.hold?.unclear) return 'approved, cannot start yet';
  if (request.clocks.hold) return 'approved, waits for its time';
  if (request.state === 'approved') return 'approved, waiting for its turn';
  return `running, ${stepCount(request.steps)}`;
}
