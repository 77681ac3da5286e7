import { readDatabase } from '../../src/adapters/database/read-database.ts';
import { silentLog } from './silent-log.ts';

/** What the bot has stored about a request. */
export interface OnRecord {
  /** Who decided what, in order. */
  readonly decisions: readonly string[];
  /** Accepted entries of the audit trail, by what was done. */
  readonly accepted: Readonly<Record<string, number>>;
}

/** Read from the database itself, past the bot. */
export async function onRecord(dataDir: string, requestId: string): Promise<OnRecord> {
  const database = await readDatabase({ databaseUrl: null, dataDir }, silentLog());
  try {
    const decided = await database.pool.query<{ text: string }>(
      `select one #>> '{by,name}' || ' ' || (one ->> 'verdict') as text
       from switchyard.requests, json_array_elements(body -> 'decisions') as one where id = $1`,
      [requestId],
    );
    const entries = await database.pool.query<{ action: string; entries: number }>(
      `select entry ->> 'action' as action, count(*)::integer as entries from switchyard.audit
       where entry ->> 'requestId' = $1 and entry ->> 'outcome' = 'accepted' group by 1`,
      [requestId],
    );
    return {
      decisions: decided.rows.map(({ text }) => text),
      accepted: Object.fromEntries(entries.rows.map(({ action, entries }) => [action, entries])),
    };
  } finally {
    await database.close();
  }
}
