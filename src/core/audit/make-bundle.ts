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

/** Collects the evidence of one request. `checkpoints` are signed, oldest first. */
export async function makeBundle(
  request: ProvisioningRequest,
  { plans, policies }: KeptEvidence,
  trail: AuditTrail,
  checkpoints: readonly SignedCheckpoint[],
  publicKey: string,
): Promise<EvidenceBundle> {
  const entries: AuditRecord[] = [];
  for await (const record of trail.records({ requestId: request.id })) entries.push(record);
  const first = entries.at(0)?.seq ?? 1;
  const last = entries.at(-1)?.seq ?? 0;
  const checkpoint = checkpoints.find(({ size }) => size >= last);
  const path: string[] = [];
  for await (const { entry } of trail.records({ after: first - 1, upTo: checkpoint?.size ?? last })) {
    path.push(sha256(entry));
  }
  const note = checkpoint?.note ?? '';
  return {
    kind: 'switchyard-evidence',
    schema: 1,
    request,
    plans: [...plans],
    policies: [...policies],
    entries,
    path,
    checkpoint: note,
    publicKey,
  };
}
