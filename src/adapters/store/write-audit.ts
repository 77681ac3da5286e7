import { randomUUID } from 'node:crypto';
import { auditEvent } from '../../core/audit/audit-event.ts';
import { canonicalJson } from '../../core/json.ts';
import type { ProvisioningRequest } from '../../core/request.ts';
import type { AuditEntry } from '../../core/store.ts';
import { storable } from './storable.ts';

interface Statements {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/**
 * Appends to the audit trail: on its own, or as the last statement of the transaction that stores `next`. One round
 * trip, because the database links the entry under its own lock; a slow client in between would hold up all others.
 */
export async function writeAudit(
  database: Statements,
  entry: AuditEntry,
  at: Date,
  next: ProvisioningRequest | null,
  id: string = randomUUID(),
): Promise<void> {
  const event = storable(auditEvent(entry, at, id, next));
  await database.query('select switchyard.append_audit($1, $2)', [event.id, canonicalJson(event)]);
}
