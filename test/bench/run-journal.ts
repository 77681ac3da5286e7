import { readDatabase } from '../../src/adapters/database/read-database.ts';
import { silentLog } from '../support/silent-log.ts';

/** What the engine has stored about runs, from the bot's own database. */
export interface RunJournal {
  /** When (`performance.now()`) the newest run of a workflow had stored that its last write reads back. */
  lastWriteReadBack(workflow: string): Promise<number>;
  close(): Promise<void>;
}

const sql = `
  select max(step.completed_at_epoch_ms) as at
  from dbos.operation_outputs step
  where step.function_name ~ '^[0-9]+ [^:]+$' and step.workflow_uuid = (
    select workflow_uuid from dbos.workflow_status where name like $1 order by created_at desc limit 1
  )`;

export async function openRunJournal(dataDir: string): Promise<RunJournal> {
  const database = await readDatabase({ databaseUrl: null, dataDir }, silentLog());
  return {
    lastWriteReadBack: async (workflow) => {
      const { rows } = await database.pool.query<{ at: string | null }>(sql, [`${workflow}@%`]);
      const at = rows[0]?.at;
      if (at === null || at === undefined) throw new Error(`No run of ${workflow} has written anything.`);
      return Number(at) - performance.timeOrigin;
    },
    close: () => database.close(),
  };
}
