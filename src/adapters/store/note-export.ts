import { hostname, userInfo } from 'node:os';
import type pg from 'pg';
import { auditTrailName } from '../../core/audit/ocsf-event.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Person } from '../../core/person.ts';
import { writeAudit } from './write-audit.ts';

/** What somebody takes out of the audit trail, or looks at beside it. */
export interface Taken {
  readonly action: 'audit-exported' | 'audit-reported' | 'audit-verified' | 'evidence-exported' | 'plan-viewed';
  /** Null when it is not about one tenant. */
  readonly tenantId: string | null;
  readonly about: JsonObject;
}

/**
 * Writes into the trail that something is taken out of it, and by whom: an account of this machine, which is all that a
 * command line knows. Null, or why it could not be written: a database that may only be read is exported all the same.
 */
export async function noteExport(pool: pg.Pool, { action, tenantId, about }: Taken): Promise<string | null> {
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
    await writeAudit(client, entry, rows[0]?.now ?? new Date(), null);
    await client.query('commit');
    return null;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    return error instanceof Error ? error.message : String(error);
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
