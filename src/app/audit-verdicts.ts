import type { EvidenceBundle, EvidenceVerdict } from '../core/audit/evidence.ts';
import type { ChainVerdict } from '../core/audit/verify-chain.ts';
import { isOpen } from '../core/request.ts';

/** What the verification of a whole trail found, in a sentence or two. */
export function verdictText(verdict: ChainVerdict): string {
  if (!verdict.intact) return brokenText(verdict);
  const { entries, last, signedSize } = verdict;
  if (entries === 0) return 'The audit trail is empty.';
  const whole = `The audit trail is whole: ${entries} entries up to number ${last.seq}.`;
  return signedSize === 0
    ? `${whole} No signed checkpoint was compared, so a trail that was rewritten or cut off altogether would look the same.`
    : `${whole} Signed checkpoints agree up to number ${signedSize}.`;
}

/** The same of an export that leaves entries out on purpose, which can show less. */
export function selectionText(verdict: ChainVerdict): string {
  if (!verdict.intact) return brokenText(verdict);
  const { entries, last } = verdict;
  if (entries === 0) return 'The selection is empty.';
  return [
    `The selection holds together: ${entries} entries up to number ${last.seq}, and between the first and the last that it shows of a request none is missing.`,
    'Entries of other requests and times are not in it, so it does not show that the trail is whole, nor that these entries are of the trail: the whole export or the bundle of a request does.',
  ].join(' ');
}

/** What the verification of a bundle found: every control, and whether all of it is proven. */
export function evidenceText(
  { request, publicKey }: EvidenceBundle,
  verdict: EvidenceVerdict,
  hasKey: boolean,
): string {
  const controls = verdict.controls.map(
    ({ question, holds, fact }) => `${holds === null ? '-' : holds ? 'yes' : 'NO'}\t${question} (${fact})`,
  );
  const trusted = `Checked with the key in the bundle itself. Compare it with the one you know: ${publicKey}`;
  const isSigned = verdict.faults.length === 0 && verdict.unproven.length === 0;
  return [...controls, summaryOf(request, verdict), ...(isSigned && !hasKey ? [trusted] : []), ''].join('\n');
}

function summaryOf(
  { id, state }: EvidenceBundle['request'],
  { faults, unproven, exportedAt }: EvidenceVerdict,
): string {
  if (faults.length > 0) return `BROKEN: ${faults.join(' ')}`;
  if (unproven.length > 0) {
    return `NOT PROVEN: ${unproven.join(' ')} Its entries hold together, but so would some that were made up or cut off. Make the bundle again where the bot signs its checkpoints, and take your copy of them after that.`;
  }
  const asOf = `The evidence of ${id} is whole as of its export at ${exportedAt}.`;
  return isOpen(state)
    ? `${asOf} The request was still open then (${state}): what came of it is not in this bundle.`
    : asOf;
}

function brokenText({ seq, how, explanation }: Extract<ChainVerdict, { intact: false }>): string {
  return `BROKEN at entry ${seq}: ${how}. ${explanation}`;
}
