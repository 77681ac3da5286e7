import type pg from 'pg';
import type { LetterBox, LetterStore, NewLetter } from '../../ports/letters.ts';
import { takeBox } from './letter-box.ts';
import { Session } from './session.ts';

const removeOld = `delete from switchyard.letters where done_at < now() - interval '7 days'`;

/** Notices on their way to conversations, in PostgreSQL. */
export class PostgresLetterStore implements LetterStore {
  readonly #pool: pg.Pool;
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#pool = pool;
    this.#session = new Session(pool, patienceMs);
  }

  async add(letters: readonly NewLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await this.#session.transaction(async (client) => {
      await client.query(removeOld);
      for (const { key, conversation, audience, notice, digest, dueAt } of letters) {
        const box = 'insert into switchyard.letter_boxes (conversation) values ($1) on conflict do nothing';
        await client.query(box, [conversation]);
        await client.query(
          `insert into switchyard.letters (key, conversation, audience, digest, notice, due_at)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
          [key, conversation, audience, digest, JSON.stringify(notice), dueAt],
        );
      }
    });
  }

  take(now: Date): Promise<LetterBox | null> {
    return takeBox(this.#pool, now);
  }
}
