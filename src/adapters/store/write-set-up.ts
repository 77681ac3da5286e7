import type pg from 'pg';
import type { SetUp } from '../../core/set-up.ts';

/** The latest state of a set-up wins; a set-up is one gateway in front of one tenant. */
export async function writeSetUp(client: pg.PoolClient, setUp: SetUp): Promise<void> {
  await client.query(
    `insert into switchyard.set_ups (tenant_id, gateway, body) values ($1, $2, $3)
     on conflict (tenant_id, gateway) do update set body = excluded.body`,
    [setUp.tenantId, setUp.gateway, JSON.stringify(setUp)],
  );
}
