import type pg from 'pg';
import type { Lane, LaterEffect } from './effect-lane.ts';

/** An effect in hand: nobody else can take it until it is settled, postponed or this process dies. */
export interface EffectClaim {
  readonly effect: LaterEffect;
  /** Failed attempts before this one. */
  readonly attempts: number;
  settle(): Promise<void>;
  /** Leaves the effect for later, with a pause that doubles from half a second up to a minute. */
  postpone(reason: string): Promise<void>;
  /** The same, and no other effect waits for it any more. */
  setAside(reason: string): Promise<void>;
}

const beatMs = 15_000;
/** What takes longer than so many beats hangs, although its process does not. */
const mostBeats = 8;

interface OutboxRow {
  readonly id: string;
  readonly requestId: string;
  readonly effect: LaterEffect;
  readonly attempts: number;
}

/** Takes the oldest due effect of a lane that is first in its request's row of effects, or null. */
export async function claimEffect(pool: pg.Pool, lane: Lane): Promise<EffectClaim | null> {
  const client = await pool.connect();
  const claim = await tryClaim(client, lane).catch((error: unknown) => {
    client.release(true);
    throw error;
  });
  if (claim === null) await finish(client, 'rollback');
  return claim;
}

async function tryClaim(client: pg.PoolClient, lane: Lane): Promise<EffectClaim | null> {
  const row = await beginWithNext(client, lane);
  if (row === null) return null;
  return claimOf(client, row, lane, await otherCards(client, row, lane));
}

/** A process that hangs must not keep the effect for ever: the server then ends its connection. */
const patience = `set_config('idle_in_transaction_session_timeout', '45s', true)`;

/** Both statements in one round trip: most looks find nothing, and a run that is to begin waits for the others. */
async function beginWithNext(client: pg.PoolClient, lane: Lane): Promise<OutboxRow | null> {
  const next = `
    select id, request_id as "requestId", effect, attempts, ${patience} from switchyard.outbox o
    where done_at is null and lane = ${client.escapeLiteral(lane)} and due_at <= now()
      and not exists (
        select from switchyard.outbox earlier
        where earlier.done_at is null and earlier.request_id = o.request_id and earlier.lane = o.lane and earlier.id < o.id)
    order by id limit 1 for update skip locked`;
  const answers = (await client.query(`begin; ${next}`)) as unknown as readonly pg.QueryResult<OutboxRow>[];
  return answers[1]?.rows[0] ?? null;
}

/**
 * Cards asked for in the meantime, and one that was set aside: the card that is drawn now shows their state as well. The
 * lock waits for whoever draws the one that was set aside, because two at once could both post a card that is missing.
 */
async function otherCards(
  client: pg.PoolClient,
  { id, requestId, effect }: OutboxRow,
  lane: Lane,
): Promise<readonly string[]> {
  if (effect.kind !== 'card') return [];
  const open = `select id from switchyard.outbox where request_id = $1 and kind = 'card' and done_at is null`;
  const later = await client.query<{ id: string }>(`${open} and lane = $2 and id > $3`, [requestId, lane, id]);
  const aside =
    lane === 'aside'
      ? []
      : (await client.query<{ id: string }>(`${open} and lane = 'aside' for update`, [requestId])).rows;
  return [...later.rows, ...aside].map((row) => row.id);
}

function claimOf(
  client: pg.PoolClient,
  { id, effect, attempts }: OutboxRow,
  lane: Lane,
  merged: readonly string[],
): EffectClaim {
  const rest = keptAlive(client);
  const later = async (reason: string, next: Lane, done: readonly string[]): Promise<void> => {
    rest();
    await endWith(
      client,
      `with others as (update switchyard.outbox set done_at = now() where id = any($4))
       update switchyard.outbox set attempts = attempts + 1, last_error = $2, lane = $3,
         due_at = clock_timestamp() + least(60, 0.5 * 2 ^ least(attempts, 10)) * interval '1 second' where id = $1`,
      [id, reason.slice(0, 500), next, done],
    );
  };
  return {
    effect,
    attempts,
    async settle() {
      rest();
      await endWith(client, 'update switchyard.outbox set done_at = now() where id = any($1)', [[id, ...merged]]);
    },
    postpone: (reason) => later(reason, lane, []),
    // The one card that goes on aside shows what the others would have shown.
    setAside: (reason) => later(reason, 'aside', merged),
  };
}

/** Cards in many places take longer than a process may hang. Whoever works says so; one that is frozen cannot. */
function keptAlive(client: pg.PoolClient): () => void {
  let beats = 0;
  const timer = setInterval(() => {
    beats += 1;
    if (beats >= mostBeats) clearInterval(timer);
    client.query('select').catch(() => clearInterval(timer));
  }, beatMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function endWith(client: pg.PoolClient, sql: string, values: readonly unknown[]): Promise<void> {
  try {
    await client.query(sql, [...values]);
  } catch (error) {
    client.release(true);
    throw error;
  }
  await finish(client, 'commit');
}

async function finish(client: pg.PoolClient, how: 'commit' | 'rollback'): Promise<void> {
  try {
    await client.query(how);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
