import type { JsonObject } from '../core/json.ts';
import type { ProvisioningRequest, RequestState } from '../core/request.ts';
import { breakGlassModel } from './break-glass.ts';
import { roomy } from './budget.ts';
import { type Buttons, offers } from './buttons.ts';
import { clockNotes } from './clock-notes.ts';
import { decisionRows } from './decisions.ts';
import { codeLines } from './lines.ts';
import { proofsModel } from './proof.ts';
import { requestHead } from './request-head.ts';
import { bareRequest, sampleDecision, sampleProof, sampleRequest } from './samples.ts';
import { stepsModel } from './steps.ts';
import { clean } from './text.ts';
import { localMoment, localMoments } from './time.ts';
import { defineView } from './view.ts';

/** A request that has ended. */
export interface OutcomeInput {
  readonly request: ProvisioningRequest;
  readonly now: Date;
  /** Default: true. */
  readonly buttons?: Buttons;
}

interface Ending {
  readonly headline: string;
  /** For the toast. */
  readonly phrase: string;
  readonly tone: 'good' | 'warning' | 'attention' | 'emphasis';
  readonly meaning: string;
}

const proven: Ending = {
  headline: '✓ Proven',
  phrase: 'done and proven',
  tone: 'good',
  meaning: 'Every change was read back as planned, and the proof agreed.',
};

const notProven: Ending = {
  headline: '⚠ Done, but not proven',
  phrase: 'done, but NOT proven',
  tone: 'warning',
  meaning: 'Every change was read back as planned. Whether it acts as meant could not be established.',
};

const disproven: Ending = {
  headline: '✗ Done, but it does not act',
  phrase: 'done, but it does NOT act as meant',
  tone: 'attention',
  meaning: 'Every change was read back as planned and stays. The proof says that it does not act as meant.',
};

const readBack: Ending = {
  headline: '✓ Done',
  phrase: 'done',
  tone: 'good',
  meaning: 'Every change was read back as planned. This request needs no further proof.',
};

const notStarted: Ending = {
  headline: '– Expired – approved, but not started in time',
  phrase: 'expired before it could start, nothing was changed',
  tone: 'emphasis',
  meaning: 'The approval no longer counts; circumstances may have changed since.',
};

const untouched: Ending = {
  headline: '↩ Stopped – nothing was changed',
  phrase: 'stopped before anything was changed',
  tone: 'warning',
  meaning: 'The run ended before its first write.',
};

const endings: Partial<Record<RequestState, Ending>> = {
  undone: {
    headline: '↩ Undone',
    phrase: 'undone, the tenant is as it was before',
    tone: 'warning',
    meaning: 'What this request had changed was taken back, in reverse order, and read back.',
  },
  'undo-failed': {
    headline: '✗ Needs a person – could not be taken back completely',
    phrase: 'NEEDS A PERSON, it could not be taken back completely',
    tone: 'attention',
    meaning: 'Some of what this request changed is still in the tenant. Run the lines below, in this order.',
  },
  refused: {
    headline: '✗ Refused – nothing was changed',
    phrase: 'refused, nothing was changed',
    tone: 'attention',
    meaning: 'A rule does not allow this now.',
  },
  'nothing-to-do': {
    headline: '✓ Nothing to do',
    phrase: 'nothing to do, it is so already',
    tone: 'good',
    meaning: 'No change is needed.',
  },
  denied: {
    headline: '✗ Denied – nothing was changed',
    phrase: 'denied, nothing was changed',
    tone: 'attention',
    meaning: 'An approver decided against it.',
  },
  cancelled: {
    headline: '– Cancelled – nothing was changed',
    phrase: 'cancelled, nothing was changed',
    tone: 'emphasis',
    meaning: 'The request was taken back before it was carried out.',
  },
  expired: {
    headline: '– Expired – nothing was changed',
    phrase: 'expired undecided, nothing was changed',
    tone: 'emphasis',
    meaning: 'Nobody decided in time.',
  },
};

/** Endings of requests whose run never began; their steps would only seem to wait. */
const neverRan: ReadonlySet<RequestState> = new Set(['refused', 'nothing-to-do', 'denied', 'cancelled', 'expired']);

interface OutcomeRoom {
  readonly steps: number;
  readonly lines: number;
  readonly code: number;
}

// Lines to be run by hand are worth most of the card.
const rooms: readonly OutcomeRoom[] = [
  { steps: 24, lines: 12, code: 2000 },
  { steps: 16, lines: 10, code: 800 },
  { steps: 8, lines: 4, code: 300 },
];

const weight = { fixed: 3500, row: 350 };

export const outcomeView = defineView<OutcomeInput>({
  template: 'outcome',
  model: (input) => roomy(rooms, weight, (room) => outcomeModel(input, room)),
  summary: ({ request }) => `${request.id}: ${endingOf(request).phrase} – ${request.title}`,
  sample: {
    request: {
      ...sampleRequest,
      state: 'undo-failed',
      decisions: [sampleDecision],
      steps: sampleRequest.steps.map((step) => ({ ...step, status: step.status === 'done' ? 'not-undone' : 'undone' })),
      proofs: [{ ...sampleProof, status: 'unknown' }],
      outcome: {
        code: 'unavailable',
        message:
          'Exchange Online refused to remove the connector “Switchyard – scanners – contoso.com”: 403, the directory role was taken away.',
        next: 'An Exchange administrator of Contoso runs the line below, then asks for status.',
        left: ["Remove-InboundConnector -Identity 'Switchyard – scanners – contoso.com' -Confirm:$false"],
      },
    },
    now: new Date('2026-11-21T16:12:00Z'),
  },
  minimal: { request: { ...bareRequest, state: 'expired' }, now: new Date('2026-11-22T16:12:00Z') },
});

function endingOf(request: ProvisioningRequest): Ending {
  if (request.outcome?.code === 'start-expired') return notStarted;
  if (request.state === 'undone' && !request.steps.some(({ status }) => status === 'undone')) return untouched;
  if (request.state !== 'done') return endings[request.state] ?? notProven;
  if (request.proofs.length === 0) return readBack;
  if (request.proofs.some(({ status }) => status === 'failed')) return disproven;
  return request.proofs.every(({ status }) => status === 'proven') ? proven : notProven;
}

function outcomeModel({ request, now, buttons = true }: OutcomeInput, room: OutcomeRoom): JsonObject {
  const ending = endingOf(request);
  const decisions = decisionRows(request.decisions);
  const left = request.outcome?.left ?? [];
  const next = localMoments(clean(request.outcome?.next ?? '', 500));
  return {
    ...requestHead(request),
    headline: ending.headline,
    tone: ending.tone,
    meaning: ending.meaning,
    hasMessage: Boolean(request.outcome?.message),
    message: localMoments(clean(request.outcome?.message ?? '', 600)),
    blockers: (request.outcome?.blockers ?? []).slice(0, room.lines).map(({ rule, fact, remedy }) => ({
      rule: clean(rule, 300),
      fact: clean(fact, 700),
      hasRemedy: remedy !== '',
      remedy: clean(remedy, 400),
    })),
    hasNext: next !== '',
    next,
    hasDecisions: decisions.length > 0,
    decisions,
    ...stepsModel(neverRan.has(request.state) ? [] : request.steps, room.steps),
    ...proofsModel(request.proofs, now, true),
    ...clockNotes(request, now),
    ...breakGlassModel(request, buttons),
    hasLeft: left.length > 0,
    left: codeLines(left.slice(0, room.lines), left.length, room.code),
    // An answer or a review comes after the end and moves the time of the last change.
    ended: `${request.breakGlass?.answer ? 'last changed' : 'ended'} at ${localMoment(request.updatedAt)}`,
    canRetry: offers(buttons, 'retry') && request.state === 'undo-failed',
    requestId: request.id,
    nonce: request.nonce,
  };
}
