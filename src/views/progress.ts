import type { ProvisioningRequest } from '../core/request.ts';
import { behindModel } from './behind.ts';
import { decisionRows } from './decisions.ts';
import { proofsModel } from './proof.ts';
import { requestHead } from './request-head.ts';
import { bareRequest, sampleApprover, sampleRequest } from './samples.ts';
import { stepCount, stepsModel } from './steps.ts';
import { clean } from './text.ts';
import { showMoment } from './time.ts';
import { defineView } from './view.ts';

/** A request that was approved and is not finished. */
export interface ProgressInput {
  readonly request: ProvisioningRequest;
  readonly now: Date;
  /** False where the card is only shown and decides nothing. */
  readonly buttons: boolean;
}

export const progressView = defineView<ProgressInput>({
  template: 'progress',
  model: ({ request, now, buttons }) => {
    const decisions = decisionRows(request.decisions, now);
    return {
      ...requestHead(request),
      ...behindModel(request.state === 'approved' ? request : { ...request, behind: null }),
      headline: headline(request),
      explanation: explanation(request),
      hasDecisions: decisions.length > 0,
      decisions,
      ...stepsModel(request.steps),
      ...proofsModel(request.proofs, now),
      asOf: showMoment(now.toISOString(), now),
      canStop: buttons && request.stopRequestedBy === null,
      requestId: request.id,
      nonce: request.nonce,
    };
  },
  summary: ({ request }) => `${request.id}: ${phase(request)} in ${request.tenant.name}`,
  sample: {
    request: {
      ...sampleRequest,
      state: 'running',
      decisions: [{ verdict: 'approve', by: sampleApprover, at: '2026-11-21T14:05:10Z', digest: 'aa', voided: false }],
    },
    now: new Date('2026-11-21T14:12:00Z'),
    buttons: true,
  },
  minimal: { request: { ...bareRequest, state: 'confirming' }, now: new Date('2026-11-21T14:12:00Z'), buttons: false },
});

function headline(request: ProvisioningRequest): string {
  if (request.stopRequestedBy !== null) return '↩ Stopping and rolling back';
  if (request.state === 'confirming') return '◔ Approved – checking that nothing has changed since';
  if (request.state === 'approved') return '◔ Approved – waiting for its turn';
  if (request.proofs.at(-1)?.status === 'settling') return '◷ Changes made – settling';
  if (request.proofs.at(-1)?.status === 'proving') return '◔ Changes made – being proven';
  return `▶ Running – ${stepCount(request.steps)}`;
}

function explanation(request: ProvisioningRequest): string {
  const tenant = clean(request.tenant.name, 80);
  if (request.stopRequestedBy !== null) {
    return `${clean(request.stopRequestedBy.name, 80)} asked to stop. The step under way is finished, then everything done so far is taken back.`;
  }
  if (request.state === 'confirming')
    return `${tenant} is read once more; the approval holds only for the plan that was shown.`;
  if (request.state === 'approved') return `The plan still holds; the run begins as soon as ${tenant} is free.`;
  if (request.proofs.length > 0)
    return `The changes in ${tenant} are made and read back. Now it is proven that they act.`;
  return `Changes in ${tenant} are made one after the other, and each is read back. If one fails, all are taken back.`;
}

function phase(request: ProvisioningRequest): string {
  if (request.stopRequestedBy !== null) return 'stopping and rolling back';
  if (request.state === 'confirming') return 'approved, being confirmed';
  if (request.state === 'approved') return 'approved, waiting for its turn';
  return `running, ${stepCount(request.steps)}`;
}
