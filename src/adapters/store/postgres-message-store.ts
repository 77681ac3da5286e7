import type pg from 'pg';
import type { IssuedCard, MessageStore, SentMessage } from '../../core/store.ts';
import { Session } from './session.ts';

/** Where the cards of requests were posted, in PostgreSQL. */
export class PostgresMessageStore implements MessageStore {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async cardOf(requestId: string): Promise<SentMessage | null> {
    const [first] = await this.cardsOf(requestId);
    return first ? { conversation: first.conversation, messageId: first.messageId } : null;
  }

  async cardsOf(requestId: string): Promise<readonly IssuedCard[]> {
    const sql = `select conversation, message_id as "messageId", revision from switchyard.cards
      where request_id = $1 order by issued_at, message_id`;
    const { rows } = await this.#session.query<IssuedCard>(sql, [requestId]);
    return rows;
  }

  async rememberCard(requestId: string, { conversation, messageId }: SentMessage): Promise<boolean> {
    const { rowCount } = await this.#session.query(
      `insert into switchyard.cards (request_id, conversation, message_id) values ($1, $2, $3) on conflict do nothing`,
      [requestId, conversation, messageId],
    );
    return rowCount === 1;
  }

  async cardShows(requestId: string, { conversation, messageId }: SentMessage, revision: number): Promise<number> {
    const sql = `update switchyard.cards set revision = greatest(revision, $4)
      where request_id = $1 and conversation = $2 and message_id = $3 returning revision`;
    const { rows } = await this.#session.query<{ revision: number }>(sql, [
      requestId,
      conversation,
      messageId,
      revision,
    ]);
    return rows[0]?.revision ?? revision;
  }

  async forgetCard(requestId: string, { conversation, messageId }: SentMessage): Promise<void> {
    const sql = 'delete from switchyard.cards where request_id = $1 and conversation = $2 and message_id = $3';
    await this.#session.query(sql, [requestId, conversation, messageId]);
  }

  async beginCard(requestId: string, conversation: string): Promise<number> {
    const { rows } = await this.#session.query<{ attempts: number }>(
      `insert into switchyard.card_posts as p (request_id, conversation, attempts) values ($1, $2, 1)
       on conflict (request_id, conversation) do update set attempts = p.attempts + 1 returning attempts`,
      [requestId, conversation],
    );
    return rows[0]?.attempts ?? 1;
  }

  async cardSettled(requestId: string, conversation: string): Promise<void> {
    const sql =
      'update switchyard.card_posts set attempts = attempts - 1 where request_id = $1 and conversation = $2 and attempts > 0';
    await this.#session.query(sql, [requestId, conversation]);
  }
}
