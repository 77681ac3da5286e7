import { randomUUID } from 'node:crypto';
import { auditEvent } from '../../core/audit/audit-event.ts';
import { canonicalJson } from '../../core/json.ts';
import type { ProvisioningRequest } from '../../core/request.ts';
import type { AuditEntry } from '../../core/store.ts';
import type { Statements } from './one-statement.ts';
import { storable } from './storable.ts';

/** An entry as the database takes it. */
export interface AuditRow {
  /** Random; an entry that comes again is not appended twice. */
  readonly id: string;
  /** Canonical JSON. */
  readonly text: string;
}

/** An entry about the change that stores `next`, or, if null, about one that stores no request. */
export function auditRow(entry: AuditEntry, at: Date, next: ProvisioningRequest | null): AuditRow {
  const event = storable(auditEvent(entry, at, randomUUID(), next));
  return { id: event.id, text: canonicalJson(event) };
}

/** Whether an entry was appended, and with it whatever it is about, although the answer got lost. */
export async function isOnRecord(database: Statements, { id }: AuditRow): Promise<boolean> {
  const { rows } = await database.query('select 1 from switchyard.audit where id = $1', [id]);
  return rows.length === 1;
}
