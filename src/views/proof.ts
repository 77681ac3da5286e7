import type { ProofProgress } from '../core/request.ts';
import { clean, counted } from './text.ts';
import { localMoment, localTime } from './time.ts';

const headings: Record<ProofProgress['status'], string> = {
  settling: '◷ Settling – the change is made, it is too early to see it act',
  proving: '◔ Proving – asking until the answers agree',
  overdue: '⚠ Not proven in time – still asking',
  proven: '✓ Proven',
  failed: '✗ The proof came out negative',
  unknown: '? Not proven – it could not be established either way',
};

/** What is said when nobody asks any more. */
const endings: Partial<typeof headings> = {
  settling: '– Not proven – the run ended before the first look',
  proving: '– Not proven – the run ended before the answers agreed',
  overdue: '? Not proven in time',
};

/** Where the proofs of a run stand, the latest last. */
export function proofsModel(proofs: readonly ProofProgress[], now: Date, hasEnded = false) {
  return { proofs: proofs.slice(-3).map((proof) => proofModel(proof, now, hasEnded)) };
}

function proofModel(proof: ProofProgress, now: Date, hasEnded: boolean) {
  return {
    heading: hasEnded ? (endings[proof.status] ?? headings[proof.status]) : headings[proof.status],
    title: clean(proof.title, 200),
    count: `${counted(proof.attempts, 'attempt')}, ${proof.agreeing} of ${proof.needed === 1 ? '1 needed answer agrees' : `${proof.needed} needed answers agree`}${times(proof, now)}.`,
    fact: clean(proof.lastFact, 400) || 'Nothing was seen yet.',
  };
}

function times({ status, settlesAt, deadline }: ProofProgress, now: Date): string {
  if (status === 'settling')
    return `. First look ${Date.parse(settlesAt) <= now.getTime() ? 'due since' : 'at'} ${localTime(settlesAt, now)}; given up at ${localTime(deadline, now)}`;
  if (status === 'proving') return `. Given up at ${localTime(deadline, now)}`;
  return status === 'proven' ? '' : `. The deadline was ${localMoment(deadline)}`;
}
