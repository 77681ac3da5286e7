import type pg from 'pg';
import type { Letter, LetterBox } from '../../ports/letters.ts';

// While it was being decided, it may have become a letter that goes there whoever wishes it.
const withheld = `done_at = case when by_person is not null then now() end,
  outcome = case when by_person is not null then $2 end`;

/** As many as a look takes at once; the rest comes with the next look. */
const mostAtOnce = 500;

/**
 * Takes the box that was served longest ago and has letters due. Its row stays locked while it is served: no other
 * process posts there, and when this one dies the lock goes with its connection. Letters can be added meanwhile: they
 * refer to its key, which the lock leaves alone.
 */
export async function takeBox(pool: pg.Pool, now: Date): Promise<LetterBox | null> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const conversation = await nextBox(client, now);
    if (conversation !== null) {
      // A process that hangs must not keep the box for ever: the server then ends its connection.
      await client.query(`set local idle_in_transaction_session_timeout = '45s'`);
      const letters = await lettersOf(client, conversation, now);
      return boxOf(pool, client, { conversation, letters, lately: await latelyTo(client, conversation) });
    }
    await client.query('rollback');
    client.release();
    return null;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function nextBox(client: pg.PoolClient, now: Date): Promise<string | null> {
  const { rows } = await client.query<{ conversation: string }>(
    `select b.conversation from switchyard.letter_boxes b
     where b.retry_at <= now() and exists (
       select from switchyard.letters l where l.conversation = b.conversation and l.done_at is null and l.due_at <= $1)
     order by b.served_at limit 1 for no key update skip locked`,
    [now],
  );
  return rows[0]?.conversation ?? null;
}

async function lettersOf(client: pg.PoolClient, conversation: string, now: Date): Promise<readonly Letter[]> {
  const { rows } = await client.query<Letter>(
    `select id, key, conversation, audience, digest, notice, tried, by_person as "by",
       coalesce(wish, 'notices') as wish, otherwise, refusals from switchyard.letters
     where conversation = $1 and done_at is null and due_at <= $2 order by id limit ${mostAtOnce}`,
    [conversation, now],
  );
  return rows;
}

async function latelyTo(client: pg.PoolClient, conversation: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer as count from switchyard.letters
     where conversation = $1 and done_at > now() - interval '30 seconds'`,
    [conversation],
  );
  return rows[0]?.count ?? 0;
}

function boxOf(
  pool: pg.Pool,
  client: pg.PoolClient,
  contents: Pick<LetterBox, 'conversation' | 'letters' | 'lately'>,
): LetterBox {
  const { conversation } = contents;
  // On a connection of their own, so that they are kept even when this process dies with the box in hand.
  const keep = async (sql: string, some: readonly Letter[], ...values: unknown[]): Promise<void> => {
    await pool.query(`update switchyard.letters set ${sql} where id = any($1)`, [some.map(({ id }) => id), ...values]);
    // Every step shows that the box is being served.
    await client.query('select');
  };
  return {
    ...contents,
    begin: (some) => keep('tried = tried + 1', some),
    notShown: (some) => keep('tried = tried - 1', some),
    refused: (some) => keep('tried = tried - 1, refusals = refusals + 1', some),
    later: (some, until) => keep('due_at = $2', some, until),
    done: (some, outcome) => keep(outcome === 'withheld' ? withheld : 'done_at = now(), outcome = $2', some, outcome),
    release: () => endWith(client, conversation, 'failures = 0, retry_at = clock_timestamp()'),
    rest: (seconds) =>
      endWith(
        client,
        conversation,
        `failures = 0, retry_at = clock_timestamp() + $2::float8 * interval '1 second'`,
        seconds,
      ),
    fail: (retryAfterSeconds) =>
      endWith(
        client,
        conversation,
        `failures = failures + 1, retry_at = clock_timestamp() +
           coalesce($2::float8, least(60, 0.5 * 2 ^ least(failures, 10))) * interval '1 second'`,
        retryAfterSeconds,
      ),
  };
}

async function endWith(
  client: pg.PoolClient,
  conversation: string,
  change: string,
  ...values: readonly unknown[]
): Promise<void> {
  try {
    await client.query(
      `update switchyard.letter_boxes set served_at = clock_timestamp(), ${change} where conversation = $1`,
      [conversation, ...values],
    );
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
