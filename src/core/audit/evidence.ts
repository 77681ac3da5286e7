import { z } from 'zod/v4';
import { jsonIn } from '../json.ts';
import { type KeptPlan, planHash } from '../kept-plan.ts';
import { planDigest } from '../plan.ts';
import type { ProvisioningRequest } from '../request.ts';
import { type AuditEvent, AuditEventSchema, requestHash } from './audit-event.ts';
import { type ProofVerdict, proofOf } from './bundle-proof.ts';
import { holdsAs } from './chain.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Closing, closingOf } from './closing-entry.ts';
import { type Control, controlsOf } from './controls.ts';
import { entitled, type KeptPolicy, policyFaults } from './policy-evidence.ts';

const Entry = z.strictObject({ seq: z.number(), previous: z.string(), hash: z.string(), entry: z.string() });
/** SHA-256 of every entry of the trail from the first of the entries to the checkpoint, whoever it is about. */
const Path = z.array(z.string());

/** As much of a request as is looked into before its hash is compared. */
const RequestShape = z.looseObject({
  id: z.string(),
  requester: z.looseObject({}),
  decisions: z.array(z.looseObject({ by: z.looseObject({}) })),
});

const Bundle = z.looseObject({
  kind: z.literal('switchyard-evidence'),
  schema: z.literal(1),
  request: z.custom<ProvisioningRequest>((value) => RequestShape.safeParse(value).success),
  /** Every plan that was put up for a decision, oldest first; none in bundles of earlier versions. */
  plans: z
    .array(z.custom<KeptPlan>((value) => typeof value === 'object' && value !== null && 'plan' in value))
    .default([]),
  /** The approval policy of each of these plans: approvers, rings, who may break glass; none in earlier versions. */
  policies: z
    .array(z.custom<KeptPolicy>((value) => typeof value === 'object' && value !== null && 'document' in value))
    .default([]),
  entries: z.array(Entry).min(1),
  path: Path,
  /** The signed checkpoint at the end of the path; empty when none was signed since the last entry. */
  checkpoint: z.string(),
  /**
   * The entry that was written when the bundle was made, with a path and a checkpoint of its own: it says how many
   * entries the request had and what it was like. Null when none could be written.
   */
  closing: z.object({ entry: Entry, path: Path, checkpoint: z.string() }).nullable().default(null),
  publicKey: z.string(),
});

/** Everything about one request that an auditor asks for, with what proves it. Verified without the database. */
export type EvidenceBundle = z.infer<typeof Bundle>;

/** What the verification of a bundle found. */
export interface EvidenceVerdict extends ProofVerdict {
  /** What does not hold; empty when everything does. */
  readonly faults: readonly string[];
  /** Why the bundle could be made up or cut off all the same; empty when signed checkpoints rule it out. */
  readonly unproven: readonly string[];
  readonly controls: readonly Control[];
  /** ISO time of the export, by its own entry; null when the bundle has no such entry. */
  readonly exportedAt: string | null;
}

/** With what a bundle is compared that came another way. */
export interface EvidenceWitnesses {
  /** Verifier key line; null takes the bundle's own on trust. */
  readonly publicKey: string | null;
  /** An own copy of the signed checkpoints, their signatures already checked; null when there is none. */
  readonly checkpoints: readonly Checkpoint[] | null;
}

/** The bundle in a text, or null when it is none. */
export function readBundle(text: string): EvidenceBundle | null {
  const read = Bundle.safeParse(jsonIn(text));
  return read.success ? read.data : null;
}

/** Checks a bundle by itself, and against what came another way. */
export function verifyBundle(bundle: EvidenceBundle, witnesses: EvidenceWitnesses): EvidenceVerdict {
  const { request, plans, policies, closing: end } = bundle;
  const vouchers = { ...witnesses, publicKey: witnesses.publicKey ?? bundle.publicKey };
  const events = bundle.entries.flatMap(({ entry }) => eventIn(entry));
  const closing = end && closingOf(eventIn(end.entry.entry)[0], request.id);
  const controls = [...controlsOf(request, events, closing), entitled(request, policies)];
  const proofs = [bundle, ...(end ? [{ ...end, entries: [end.entry] }] : [])].map((one) => proofOf(one, vouchers));
  const records = [...bundle.entries, ...(end ? [end.entry] : [])];
  const faults = [
    ...records.filter((record) => !holdsAs(record, record.seq)).map(({ seq }) => `Entry ${seq} was edited.`),
    ...(events.length < bundle.entries.length ? ['An entry cannot be read.'] : []),
    ...events.filter(({ requestId }) => requestId !== request.id).map(({ id }) => `Entry ${id} is of another request.`),
    ...turnFaults(events),
    ...proofs.flatMap((proof) => proof.faults),
    ...(end ? closingFaults(bundle, closing) : []),
    ...decisionFaults(request, events),
    ...planFaults(plans, events),
    ...policyFaults(policies, plans),
    ...controls
      .filter(({ holds }) => holds === false)
      .map(({ question, fact }) => `Does not hold: ${question} (${fact}).`),
  ];
  const unproven = proofs.flatMap((proof) => proof.unproven);
  return {
    faults,
    unproven: end ? unproven : [...unproven, 'It lacks the entry of its export, so entries at its end may be missing.'],
    controls,
    exportedAt: closing?.at ?? null,
  };
}

/** The entry of the export comes after all others, and knows how many there were and what the request was like. */
function closingFaults({ entries, request, closing: end }: EvidenceBundle, closing: Closing | null): string[] {
  if (!closing) return ['The closing entry is not that of an export of this request.'];
  const last = entries.at(-1)?.seq ?? 0;
  return [
    ...(end && end.entry.seq <= last ? ['The closing entry does not come after the others.'] : []),
    ...(closing.turn === entries.length
      ? []
      : [`The request had ${closing.turn} entries when it was exported, the bundle has ${entries.length}.`]),
    ...(closing.revision === request.revision && closing.sha256 === requestHash(request)
      ? []
      : ['The request is not the one that was exported.']),
  ];
}

/** Each entry says which one of its request it is, so what was left out leaves a gap. */
function turnFaults(events: readonly AuditEvent[]): string[] {
  const gap = events.findIndex(({ turn }, index) => turn !== undefined && turn !== index + 1);
  return gap === -1 ? [] : [`Before entry ${events[gap]?.turn} of the request others are missing.`];
}

/** Whoever takes an entry out of a bundle leaves a decision behind that nobody made. */
function decisionFaults(request: ProvisioningRequest, events: readonly AuditEvent[]): string[] {
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
function planFaults(plans: readonly KeptPlan[], events: readonly AuditEvent[]): string[] {
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

function eventIn(entry: string): AuditEvent[] {
  const read = AuditEventSchema.safeParse(jsonIn(entry));
  return read.success ? [read.data] : [];
}
