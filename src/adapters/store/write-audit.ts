import type { AuditEntry } from '../../core/store.ts';

interface Statements {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/** Appends to the audit trail: on its own, or as the last statement of a transaction. */
export async function writeAudit(database: Statements, entry: AuditEntry): Promise<void> {
  await database.query('select switchyard.append_audit($1)', [JSON.stringify(entry)]);
}
