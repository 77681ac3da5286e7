import type pg from 'pg';
import type { LetterBox, LetterStore, NewLetter } from '../../ports/letters.ts';
import { takeBox } from './letter-box.ts';
import { Session } from './session.ts';

const removeOld = `delete from switchyard.letters where done_at < now() - interval '7 days'`;

// Sorted, so that two processes never wait for each other.
const addBoxes = `insert into switchyard.letter_boxes (conversation) select unnest($1::text[]) on conflict do nothing`;
const addLetters = `
  insert into switchyard.letters (key, conversation, audience, digest, notice, due_at, by_person, wish)
  select one ->> 'key', one ->> 'conversation', one ->> 'audience', one ->> 'digest', one -> 'notice',
    (one ->> 'dueAt')::timestamptz, case when json_typeof(one -> 'by') = 'object' then one -> 'by' end,
    one ->> 'wish'
  from json_array_elements($1::json) with ordinality as all_of_them (one, place) order by place
  on conflict do nothing`;

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
    const rows = JSON.stringify(letters);
    const places = [...new Set(letters.map(({ conversation }) => conversation))].toSorted();
    await this.#session.transaction(async (client) => {
      await client.query(removeOld);
      await client.query(addBoxes, [places]);
      await client.query(addLetters, [rows]);
    });
  }

  take(now: Date): Promise<LetterBox | null> {
    return takeBox(this.#pool, now);
  }
}
