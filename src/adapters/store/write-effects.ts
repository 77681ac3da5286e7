import type pg from 'pg';
import type { Effect } from '../../core/store.ts';
import { laneOf } from './effect-lane.ts';
import { outboxChannel } from './outbox-channel.ts';
import { storable } from './storable.ts';
import { writePlan } from './write-plan.ts';
import { writeSetUp } from './write-set-up.ts';

// The notification is delivered by the server when the transaction commits, and only then.
const insertAndNotify = `
  with written as (
    insert into switchyard.outbox (request_id, lane, kind, effect)
    select $1, one ->> 'lane', one ->> 'kind', one -> 'effect'
    from json_array_elements($2::json) with ordinality as all_of_them (one, place) order by place
    returning lane)
  select pg_notify($3, lane) from (select distinct lane from written) as lanes`;

/** Stores the effects of a request's change, in the transaction of that change. */
export async function writeEffects(
  client: pg.PoolClient,
  requestId: string,
  effects: readonly Effect[],
): Promise<void> {
  const later: { lane: string; kind: string; effect: Effect }[] = [];
  for (const effect of effects) {
    if (effect.kind === 'set-up') await writeSetUp(client, effect.setUp);
    else if (effect.kind === 'plan') await writePlan(client, effect.kept);
    else later.push({ lane: laneOf(effect), kind: effect.kind, effect });
  }
  if (later.length === 0) return;
  await client.query(insertAndNotify, [requestId, JSON.stringify(storable(later)), outboxChannel]);
}
