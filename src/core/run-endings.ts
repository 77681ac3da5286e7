import type { Doubt } from './apply.ts';
import type { JsonObject } from './json.ts';
import type { ProofResult } from './proof.ts';
import type { Recorded, RecordedError } from './recorded.ts';
import type { Outcome } from './request.ts';
import type { EventOf } from './request-event.ts';
import type { SetUp } from './set-up.ts';
import type { SetUpStore } from './store.ts';
import type { ProofOutcome } from './workflow.ts';

/** A write that was sent but never seen as planned has to be taken back whatever the object shows. */
export function doubtOf(applied: Recorded<JsonObject>): Doubt | null {
  if (applied.ok) return null;
  const met = [applied.error.code, ...(applied.error['met'] ?? '').split(' ')];
  if (!met.some((code) => ['read-back', 'unknown-outcome', 'unseen'].includes(code))) return null;
  return { seen: applied.error['seen'] ?? null };
}

/** What the proofs of a run came to, the worst of them. */
export function worst(proofs: readonly ProofResult[]): ProofOutcome {
  const outcomes = ['failed', 'unknown', 'proven'] as const;
  return outcomes.find((outcome) => proofs.some(({ status }) => status === outcome)) ?? 'none';
}

/** How a run ended whose changes stay. */
export function completedOutcome(proof: ProofOutcome, proofs: readonly ProofResult[]): Outcome {
  const facts = proofs.map(({ fact }) => fact).join(' ');
  const remedies = proofs.map(({ remedy }) => remedy).join(' ');
  const { message, next } = {
    proven: { message: `Done and proven. ${facts}`, next: '' },
    unknown: {
      message: `Done, but it could not be proven either way. ${facts}`,
      next: 'Test it from outside by hand; the health stays unknown until a probe succeeds.',
    },
    failed: { message: `The changes are made and stay, but they do not act as meant. ${facts}`, next: remedies },
    none: { message: 'Done: every object reads back as planned.', next: '' },
  }[proof];
  return { code: proof, message: message.trim(), next: next.trim(), left: [] };
}

/** What a run, or a later try to undo it, leaves behind after it took back what it could. */
export interface Closing {
  readonly error: RecordedError;
  /** How many steps there were to take back. */
  readonly steps: number;
  /** Lines that a person has to run. */
  readonly left: readonly string[];
  /** The set-up with unknown health: what could not be taken back may still act, so it must not look good. */
  readonly setUp: SetUp | null;
  readonly setUps: Pick<SetUpStore, 'ofTenant'>;
}

/** How a run ended whose changes were taken back, or not all of them. */
export async function closing({
  error,
  steps,
  left,
  setUp,
  setUps,
}: Closing): Promise<EventOf<'undone' | 'undo-failed'>> {
  const { code, message, next } = error;
  if (left.length > 0) {
    const undone =
      'Undoing it did not work everywhere; somebody has to run the lines below in Exchange Online PowerShell, or an operator has it tried again.';
    const outcome = { code, message: `${message} ${undone}`, next, left };
    return { type: 'undo-failed', outcome, setUp, before: setUp && (await sameSetUp(setUps, setUp)) };
  }
  const undone = steps === 0 ? 'Nothing had been changed.' : 'Everything this run had changed was taken back.';
  return { type: 'undone', outcome: { code, message: `${message} ${undone}`, next, left } };
}

async function sameSetUp(setUps: Pick<SetUpStore, 'ofTenant'>, { tenantId, gateway }: SetUp): Promise<SetUp | null> {
  const known = await setUps.ofTenant(tenantId);
  return known.find((one) => one.gateway === gateway) ?? null;
}
