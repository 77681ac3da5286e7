import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { ChaosWorld } from './chaos-world.ts';

/** What the bot stores of a request. */
export async function requestOf(world: ChaosWorld, requestId: string): Promise<ProvisioningRequest | undefined> {
  const sql = 'select body from switchyard.requests where id = $1';
  const [row] = await world.rows<{ body: ProvisioningRequest }>(sql, [requestId]);
  return row?.body;
}

/** The message that the bot remembers as the request's living card. */
export async function cardOf(world: ChaosWorld, requestId: string): Promise<string | undefined> {
  const sql = 'select message_id as id from switchyard.cards where request_id = $1';
  const [row] = await world.rows<{ id: string }>(sql, [requestId]);
  return row?.id;
}
