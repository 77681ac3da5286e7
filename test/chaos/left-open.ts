import type { ChaosWorld } from './chaos-world.ts';

/** What of a request is not over yet, one line each: for whoever has to find out why. */
export async function leftOpen(world: ChaosWorld, requestId: string): Promise<string[]> {
  const rows = await world.rows<{ line: string }>(
    `select 'request: ' || state as line from switchyard.requests where id = $1
     union all
     select format('effect %s %s: due %s, tried %s, %s', id, kind, due_at, attempts, last_error)
       from switchyard.outbox where request_id = $1 and done_at is null
     union all
     select format('letter %s to %s: due %s, tried %s', id, conversation, due_at, tried)
       from switchyard.letters where key like $1 || ':%' and done_at is null
     union all
     select format('function %s: %s on %s', workflow_uuid, status, executor_id)
       from dbos.workflow_status where workflow_uuid like $1 || ':%' and status <> 'SUCCESS'
     union all
     select format('transaction of %s, %s since %s: %s', pid, state, state_change, left(query, 120))
       from pg_stat_activity where xact_start < now() - interval '5 seconds' and pid <> pg_backend_pid()`,
    [requestId],
  );
  const passes = world.orders.passes(requestId).slice(-8);
  return [
    `now ${Date.now()}`,
    ...rows.map(({ line }) => line),
    ...passes.map(({ at, point }) => `passed at ${at}: ${point}`),
    ...world.bots.map((bot) => `process ${bot.pid}${bot.isFrozen() ? ', frozen' : ''}: ${bot.output.slice(-1500)}`),
  ];
}
