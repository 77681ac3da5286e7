import type pg from 'pg';

/** Takes all runs away, as if the engine were new. No process may be using it. */
export async function emptyEngine(pool: pg.Pool): Promise<void> {
  // The engine's tables have no foreign keys between them, so none of these empties another.
  await pool.query(
    `truncate dbos.workflow_status, dbos.operation_outputs, dbos.notifications, switchyard.timers, switchyard.executors
     cascade`,
  );
}
