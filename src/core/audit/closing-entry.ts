import { z } from 'zod/v4';
import type { JsonObject } from '../json.ts';
import type { ProvisioningRequest } from '../request.ts';
import { type AuditEvent, requestHash } from './audit-event.ts';
import { auditTrailName } from './ocsf-event.ts';

/** What the entry that is written when a bundle is made says of its request: nothing after that can be left out of it. */
export interface Closing {
  /** ISO time of the export. */
  readonly at: string;
  /** How many entries the request had. */
  readonly turn: number;
  readonly revision: number;
  /** SHA-256 of the request's stored text. */
  readonly sha256: string;
}

const Detail = z.strictObject({
  request: z.string(),
  turn: z.number(),
  revision: z.number(),
  sha256: z.string(),
});

/** The detail of such an entry. `turn` is the number of the request's entries. */
export function closingDetail(request: ProvisioningRequest, turn: number): JsonObject {
  return { request: request.id, turn, revision: request.revision, sha256: requestHash(request) };
}

/** What an entry says of the export of this request; null when it is not the entry of one. */
export function closingOf(event: AuditEvent | undefined, requestId: string): Closing | null {
  if (event?.action !== 'evidence-exported' || event.requestId !== auditTrailName) return null;
  const read = Detail.safeParse(event.detail);
  if (!read.success || read.data.request !== requestId) return null;
  const { turn, revision, sha256 } = read.data;
  return { at: event.at, turn, revision, sha256 };
}
