import type pg from 'pg';
import type { Effect } from '../../core/store.ts';
import { laneOf } from './effect-lane.ts';
import { outboxChannel } from './outbox-channel.ts';
import { writeSetUp } from './write-set-up.ts';

/** Stores the effects of a request's change, in the transaction of that change. */
export async function writeEffects(
  client: pg.PoolClient,
  requestId: string,
  effects: readonly Effect[],
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind === 'set-up') await writeSetUp(client, effect.setUp);
    else {
      const lane = laneOf(effect);
      await client.query('insert into switchyard.outbox (request_id, lane, kind, effect) values ($1, $2, $3, $4)', [
        requestId,
        lane,
        effect.kind,
        JSON.stringify(effect),
      ]);
      // Delivered by the server when the transaction commits, and only then.
      await client.query('select pg_notify($1, $2)', [outboxChannel, lane]);
    }
  }
}
