import type pg from 'pg';
import type { KeptPlan } from '../../core/kept-plan.ts';

/** Keeps a plan in the transaction that puts it up for a decision. */
export async function writePlan(client: pg.PoolClient, { requestId, version, at, plan }: KeptPlan): Promise<void> {
  await client.query(
    'insert into switchyard.plans (request_id, version, digest, at, body) values ($1, $2, $3, $4, $5)',
    [requestId, version, plan.digest, at, JSON.stringify(plan)],
  );
}
