import type pg from 'pg';
import type { LetterBox, LetterStore, NewLetter } from '../../ports/letters.ts';
import { takeBox } from './letter-box.ts';
import { Session } from './session.ts';

const removeOld = `delete from switchyard.letters where done_at < now() - interval '7 days'`;

// Sorted, so that two processes never wait for each other.
const addBoxes = `insert into switchyard.letter_boxes (conversation) select unnest($1::text[]) on conflict do nothing`;
// What somebody is told whoever wishes it takes the place of what the same conversation only subscribed to: a digest, or
// what was withheld.
const addLetters = `
  insert into switchyard.letters as l (key, conversation, audience, digest, notice, due_at, by_person, wish, otherwise)
  select one ->> 'key', one ->> 'conversation', one ->> 'audience', one ->> 'digest', one -> 'notice',
    (one ->> 'dueAt')::timestamptz, case when json_typeof(one -> 'by') = 'object' then one -> 'by' end,
    one ->> 'wish', one ->> 'otherwise'
  from json_array_elements($1::json) with ordinality as all_of_them (one, place) order by place
  on conflict (key, conversation) do update set audience = excluded.audience, notice = excluded.notice, digest = null,
    due_at = excluded.due_at, by_person = null, wish = excluded.wish,
    otherwise = excluded.otherwise, done_at = null, outcome = null
  where excluded.digest is null and excluded.by_person is null and l.by_person is not null
    and (l.done_at is null or l.outcome = 'withheld')`;

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
    const rows = JSON.stringify(once(letters));
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

/** The first of each key and conversation: one statement cannot write a row twice. */
function once(letters: readonly NewLetter[]): readonly NewLetter[] {
  const last = letters.toReversed().map((one) => [JSON.stringify([one.key, one.conversation]), one] as const);
  return [...new Map(last).values()].toReversed();
}
