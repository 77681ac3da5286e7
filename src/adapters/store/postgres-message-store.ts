import type pg from 'pg';
import type { MessageStore, SentMessage } from '../../core/store.ts';
import { Session } from './session.ts';

/** Where living cards were posted, in PostgreSQL. */
export class PostgresMessageStore implements MessageStore {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async cardOf(requestId: string): Promise<SentMessage | null> {
    const sql = 'select conversation, message_id as "messageId" from switchyard.cards where request_id = $1';
    const { rows } = await this.#session.query<{ conversation: string; messageId: string }>(sql, [requestId]);
    return rows[0] ?? null;
  }

  async rememberCard(requestId: string, { conversation, messageId }: SentMessage): Promise<boolean> {
    const { rowCount } = await this.#session.query(
      `insert into switchyard.cards (request_id, conversation, message_id) values ($1, $2, $3)
       on conflict (request_id) do nothing`,
      [requestId, conversation, messageId],
    );
    return rowCount === 1;
  }
}
