import type pg from 'pg';
import { OpsError } from '../../core/errors.ts';

/** Stored runs need a function that this version does not have. */
export class MissingFunctionError extends OpsError {
  override readonly name = 'MissingFunctionError';
  readonly code = 'missing-function';
}

/**
 * Refuses to start when an unfinished run names a function that is not registered: the engine would take the run from
 * its queue all the same and leave it lying.
 */
export async function refuseUnknownFunctions(pool: pg.Pool, registered: readonly string[]): Promise<void> {
  const exists = await pool.query<{ yes: boolean }>(`select to_regclass('dbos.workflow_status') is not null as yes`);
  if (exists.rows[0]?.yes !== true) return;
  const { rows } = await pool.query<{ name: string; runs: number }>(
    `select name, count(*)::integer as runs from dbos.workflow_status
     where status in ('PENDING', 'ENQUEUED', 'DELAYED') and name <> all($1) group by name order by name`,
    [registered],
  );
  if (rows.length === 0) return;
  const list = rows.map(({ name, runs }) => `${name} (${runs} unfinished)`).join(', ');
  throw new MissingFunctionError(`Unfinished runs need functions that this version does not have: ${list}.`, {
    operation: 'start the engine',
    next: 'Start the version that had them and let the runs end, or bring the functions back.',
  });
}
