import { z } from 'zod/v4';
import { sha256 } from '../json.ts';
import { type KeptPlan, planHash } from '../kept-plan.ts';
import { planDigest } from '../plan.ts';
import type { ProvisioningRequest } from '../request.ts';
import { AuditEventSchema } from './audit-event.ts';
import { type AuditRecord, holdsAs, linkHash } from './chain.ts';
import { CheckpointError, readCheckpoints, readVerifierKey } from './checkpoint.ts';
import { type Control, controlsOf } from './controls.ts';
import { entitled, type KeptPolicy, policyFaults } from './policy-evidence.ts';

const Bundle = z.looseObject({
  kind: z.literal('switchyard-evidence'),
  schema: z.literal(1),
  request: z.custom<ProvisioningRequest>((value) => typeof value === 'object' && value !== null && 'id' in value),
  /** Every plan that was put up for a decision, oldest first; none in bundles of earlier versions. */
  plans: z
    .array(z.custom<KeptPlan>((value) => typeof value === 'object' && value !== null && 'plan' in value))
    .default([]),
  /** The approval policy of each of these plans: approvers, rings, who may break glass; none in earlier versions. */
  policies: z
    .array(z.custom<KeptPolicy>((value) => typeof value === 'object' && value !== null && 'document' in value))
    .default([]),
  entries: z
    .array(z.strictObject({ seq: z.number(), previous: z.string(), hash: z.string(), entry: z.string() }))
    .min(1),
  /** SHA-256 of every entry of the trail from the first of the request to the checkpoint, whoever it is about. */
  path: z.array(z.string()),
  /** The signed checkpoint at the end of the path; empty while none was signed since the last entry. */
  checkpoint: z.string(),
  publicKey: z.string(),
});

/** Everything about one request that an auditor asks for, with what proves it. Verified without the database. */
export type EvidenceBundle = z.infer<typeof Bundle>;

/** What the verification of a bundle found. */
export interface EvidenceVerdict {
  /** Empty when everything holds. */
  readonly faults: readonly string[];
  readonly controls: readonly Control[];
  /** Whether a signed checkpoint covers every entry. */
  readonly signed: boolean;
}

/** The bundle in a text, or null when it is none. */
export function readBundle(text: string): EvidenceBundle | null {
  try {
    const read = Bundle.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** Checks a bundle against a public key that came another way; `publicKey` null takes the bundle's own on trust. */
export function verifyBundle(bundle: EvidenceBundle, publicKey: string | null): EvidenceVerdict {
  const events = bundle.entries.flatMap(({ entry }) => eventIn(entry));
  const controls = [...controlsOf(bundle.request, events), entitled(bundle.request, bundle.policies)];
  const faults = [
    ...bundle.entries.filter((record) => !holdsAs(record, record.seq)).map(({ seq }) => `Entry ${seq} was edited.`),
    ...(events.length < bundle.entries.length ? ['An entry cannot be read.'] : []),
    ...events
      .filter(({ requestId }) => requestId !== bundle.request.id)
      .map(({ id }) => `Entry ${id} is of another request.`),
    ...turnFaults(events),
    ...pathFaults(bundle),
    ...signatureFaults(bundle, publicKey ?? bundle.publicKey),
    ...decisionFaults(bundle.request, events),
    ...planFaults(bundle.plans, events),
    ...policyFaults(bundle.policies, bundle.plans),
    ...controls
      .filter(({ holds }) => holds === false)
      .map(({ question, fact }) => `Does not hold: ${question} (${fact}).`),
  ];
  return { faults, controls, signed: bundle.checkpoint !== '' };
}

/** Each entry says which one of its request it is, so what was left out leaves a gap. */
function turnFaults(events: ReturnType<typeof eventIn>): string[] {
  const gap = events.findIndex(({ turn }, index) => turn !== undefined && turn !== index + 1);
  return gap === -1 ? [] : [`Before entry ${events[gap]?.turn} of the request others are missing.`];
}

/** Follows the chain over the hashes of all entries, which must lead through each entry of the bundle. */
function pathFaults({ entries, path }: EvidenceBundle): string[] {
  const [first] = entries;
  if (!first) return [];
  const bySeq = new Map(entries.map((record) => [record.seq, record]));
  let hash = first.previous;
  for (const [index, entryHash] of path.entries()) {
    const seq = first.seq + index;
    hash = linkHash(hash, seq, entryHash);
    const record = bySeq.get(seq);
    if (record && (record.hash !== hash || sha256(record.entry) !== entryHash))
      return [`The path misses entry ${seq}.`];
    bySeq.delete(seq);
  }
  return [...bySeq.keys()].map((seq) => `The path does not reach entry ${seq}.`);
}

function signatureFaults({ entries, path, checkpoint }: EvidenceBundle, publicKey: string): string[] {
  if (checkpoint === '') return [];
  try {
    const [signed] = readCheckpoints(checkpoint, readVerifierKey(publicKey));
    const end = pathEnd(entries[0], path);
    return signed?.size === end?.seq && signed?.root === end?.hash ? [] : ['The path does not end at the checkpoint.'];
  } catch (error) {
    if (error instanceof CheckpointError) return [error.message];
    throw error;
  }
}

function pathEnd(first: AuditRecord | undefined, path: readonly string[]): { seq: number; hash: string } | null {
  if (!first) return null;
  const hash = path.reduce(
    (before, entryHash, index) => linkHash(before, first.seq + index, entryHash),
    first.previous,
  );
  return { seq: first.seq + path.length - 1, hash };
}

/** Whoever takes an entry out of a bundle leaves a decision behind that nobody made. */
function decisionFaults(request: ProvisioningRequest, events: ReturnType<typeof eventIn>): string[] {
  return request.decisions
    .filter(
      ({ verdict, by, digest }) =>
        !events.some(
          (event) =>
            event.action === verdict &&
            event.outcome === 'accepted' &&
            event.digest === digest &&
            event.actor?.objectId === by.objectId,
        ),
    )
    .map(({ verdict, by }) => `No entry shows that ${by.name} decided (${verdict}).`);
}

/** Every plan that the trail says was put up for a decision must be in the bundle, to the word, and no other. */
function planFaults(plans: readonly KeptPlan[], events: ReturnType<typeof eventIn>): string[] {
  const named = events.filter(({ detail }) => typeof detail['planHash'] === 'string');
  const altered = plans
    .filter(
      ({ plan }) =>
        planDigest(plan) !== plan.digest || !named.some(({ detail }) => detail['planHash'] === planHash(plan)),
    )
    .map(({ version }) => `Plan ${version} is not the plan that the trail names.`);
  const shown = named
    .filter(({ action }) => action === 'planned' || action === 'superseded')
    .filter(({ detail }) => !plans.some(({ plan }) => detail['planHash'] === planHash(plan)))
    .map(({ detail }) => `Plan ${Number(detail['planVersion'])}, which was put up for a decision, is missing.`);
  const missing = events
    .filter(({ action, outcome }) => outcome === 'accepted' && (action === 'approve' || action === 'deny'))
    .filter(({ digest }) => named.some((event) => event.digest === digest))
    .filter(({ digest }) => !plans.some(({ plan }) => plan.digest === digest))
    .map(({ action, actor }) => `The plan that ${actor?.name ?? 'nobody'} decided on (${action}) is missing.`);
  return [...altered, ...shown, ...missing];
}

function eventIn(entry: string): z.infer<typeof AuditEventSchema>[] {
  try {
    const read = AuditEventSchema.safeParse(JSON.parse(entry));
    return read.success ? [read.data] : [];
  } catch {
    return [];
  }
}
