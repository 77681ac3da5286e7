import type pg from 'pg';
import type { AuditEntry } from '../../core/store.ts';

const lockKey = 7_283_140_513;

/**
 * Appends to the audit trail, as the last statement of a transaction. Numbers are given under a lock that lasts until
 * the commit, so that they have no gaps: a missing number is a missing entry.
 */
export async function writeAudit(client: pg.PoolClient, entry: AuditEntry): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
  await client.query(
    'insert into switchyard.audit (seq, entry) select coalesce(max(seq), 0) + 1, $1 from switchyard.audit',
    [JSON.stringify(entry)],
  );
}
