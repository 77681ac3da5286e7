import { hostname, userInfo } from 'node:os';
import type pg from 'pg';
import { auditTrailName } from '../../core/audit/ocsf-event.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Person } from '../../core/person.ts';
import { auditRow } from './audit-row.ts';
import { OneStatement } from './one-statement.ts';

/** What somebody takes out of the audit trail, or looks at beside it. */
export interface Taken {
  readonly action: 'audit-exported' | 'audit-reported' | 'audit-verified' | 'evidence-exported' | 'plan-viewed';
  /** Null when it is not about one tenant. */
  readonly tenantId: string | null;
  readonly about: JsonObject;
}

/** The number of the entry, or why it could not be written. */
export type Noted = { readonly seq: number } | { readonly why: string };

/**
 * Writes into the trail that something is taken out of it, and by whom: an account of this machine, which is all that a
 * command line knows. A database that may only be read is exported all the same.
 */
export async function noteExport(pool: pg.Pool, { action, tenantId, about }: Taken): Promise<Noted> {
  const client = await pool.connect();
  try {
    await client.query('begin read write');
    const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
    const entry = {
      action,
      requestId: auditTrailName,
      tenantId: tenantId ?? 'every tenant',
      actor: operator(),
      outcome: 'accepted',
      detail: about,
    } as const;
    const row = auditRow(entry, rows[0]?.now ?? new Date(), null);
    await new OneStatement(null).entry(row).run(client);
    const sql = 'select seq::float8 as seq from switchyard.audit where id = $1';
    const written = await client.query<{ seq: number }>(sql, [row.id]);
    await client.query('commit');
    return { seq: written.rows[0]?.seq ?? 0 };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    return { why: error instanceof Error ? error.message : String(error) };
  } finally {
    client.release();
  }
}

function operator(): Person {
  const machine = hostname();
  const account = accountName();
  return { tenantId: `machine:${machine}`, objectId: `account:${account}`, name: `${account} on ${machine}` };
}

/** A container may run an account that has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
