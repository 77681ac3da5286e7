import { z } from 'zod/v4';
import { type Json, type JsonObject, sha256 } from '../json.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { AuditEntry } from '../store.ts';

const Value: z.ZodType<Json> = z.json();

/** What one entry of the audit trail says, in full. Its canonical JSON is what the chain is made over. */
export const AuditEventSchema = z.strictObject({
  /** Version of this shape. */
  schema: z.literal(1),
  /** Random id: an entry that is delivered twice somewhere is recognised by it. */
  id: z.string(),
  /** ISO time in UTC, on the product's clock. */
  at: z.string(),
  action: z.string(),
  outcome: z.enum(['accepted', 'refused']),
  /** Why it was refused, in words; null when it was not. */
  reason: z.string().nullable(),
  tenantId: z.string(),
  requestId: z.string(),
  /** Who did it, with the name they had then; null when Switchyard itself acted. */
  actor: z.strictObject({ tenantId: z.string(), objectId: z.string(), name: z.string() }).nullable(),
  /** Where it was asked, and by which activity of the channel; null when it did not come from a conversation. */
  source: z
    .union([
      z.strictObject({ conversation: z.string() }),
      z.strictObject({ conversation: z.string(), activityId: z.string() }),
    ])
    .nullable(),
  /** The object of the tenant it is about; null when it is about the request as a whole. */
  target: z.strictObject({ kind: z.string(), identity: z.string() }).nullable(),
  /** Digest of the plan it is about; null while there is none. */
  digest: z.string().nullable(),
  /** The request as it was stored in the same transaction; null when nothing was changed. */
  after: z.strictObject({ revision: z.number(), state: z.string(), sha256: z.string() }).nullable(),
  detail: z.record(z.string(), Value),
  /** Which entry of its request it is, from 1; the database counts. Entries of earlier versions do not have it. */
  turn: z.number().optional(),
});

/** One entry of the audit trail as it is written for ever. */
export type AuditEvent = z.infer<typeof AuditEventSchema>;

/** An entry before the database has counted it. */
export type UncountedEvent = Omit<AuditEvent, 'turn'>;

/** Completes an entry. `next` is the request that is saved with it, null when nothing is saved. */
export function auditEvent(entry: AuditEntry, at: Date, id: string, next: ProvisioningRequest | null): UncountedEvent {
  const { action, outcome, reason, tenantId, requestId, actor, source, target, digest, detail } = entry;
  return {
    schema: 1,
    id,
    at: at.toISOString(),
    action,
    outcome,
    reason: reason ?? null,
    tenantId,
    requestId,
    actor: actor && { tenantId: actor.tenantId, objectId: actor.objectId, name: actor.name },
    source: source ?? null,
    target: target ?? null,
    digest: digest ?? null,
    after: next && { revision: next.revision, state: next.state, sha256: requestHash(next) },
    detail: detail satisfies JsonObject,
  };
}

/** SHA-256 over a request's stored text, which is `JSON.stringify` of it: parsing and writing it again changes nothing. */
export function requestHash(request: ProvisioningRequest): string {
  return sha256(JSON.stringify(request));
}
