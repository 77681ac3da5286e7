import { sha256 } from '../json.ts';
import type { KeptPlan } from '../kept-plan.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { AuditRecord } from './chain.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import type { EvidenceBundle } from './evidence.ts';
import type { KeptPolicy } from './policy-evidence.ts';

/** What is kept about a request beside the trail. */
export interface KeptEvidence {
  /** Every plan that was put up for a decision. */
  readonly plans: readonly KeptPlan[];
  /** The approval policies under which they were made. */
  readonly policies: readonly KeptPolicy[];
}

/** What a bundle is collected from. */
export interface BundleSources {
  readonly trail: AuditTrail;
  /** Signed, in any order. */
  readonly checkpoints: readonly SignedCheckpoint[];
  /** Verifier key line; empty when nothing was ever signed. */
  readonly publicKey: string;
}

/**
 * Collects the evidence of one request up to `closing`, the number of the entry that was written for this; null when
 * none could be written, which leaves open where the evidence ends.
 */
export async function makeBundle(
  request: ProvisioningRequest,
  { plans, policies }: KeptEvidence,
  { trail, checkpoints, publicKey }: BundleSources,
  closing: number | null,
): Promise<EvidenceBundle> {
  const upTo = closing ?? (await trail.head()).seq;
  const entries: AuditRecord[] = [];
  for await (const record of trail.records({ requestId: request.id, upTo })) entries.push(record);
  const proven = (first: number, last: number) => provenBy(trail, checkpoints, first, last);
  const [end] = closing === null ? [] : await recordsOf(trail, closing);
  return {
    kind: 'switchyard-evidence',
    schema: 1,
    request,
    plans: [...plans],
    policies: [...policies],
    entries,
    ...(await proven(entries.at(0)?.seq ?? 1, entries.at(-1)?.seq ?? 0)),
    closing: end ? { entry: end, ...(await proven(end.seq, end.seq)) } : null,
    publicKey,
  };
}

/** The way from the first entry to the next checkpoint behind the last one, or to that one where there is none. */
async function provenBy(
  trail: AuditTrail,
  checkpoints: readonly SignedCheckpoint[],
  first: number,
  last: number,
): Promise<{ path: string[]; checkpoint: string }> {
  const nearest = checkpoints
    .filter(({ size }) => size >= last)
    .reduce<SignedCheckpoint | null>((best, one) => (best && best.size <= one.size ? best : one), null);
  const path: string[] = [];
  for await (const { entry } of trail.records({ after: first - 1, upTo: nearest?.size ?? last })) {
    path.push(sha256(entry));
  }
  return { path, checkpoint: nearest?.note ?? '' };
}

async function recordsOf(trail: AuditTrail, seq: number): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of trail.records({ after: seq - 1, upTo: seq })) records.push(record);
  return records;
}
