import { isDeepStrictEqual } from 'node:util';
import type { ProvisioningRequest } from '../../../src/core/request.ts';
import type { SetUp } from '../../../src/core/set-up.ts';
import type { TenantView } from '../../support/story.ts';
import type { ChaosWorld } from '../chaos-world.ts';

/** The only connector that may be written to. */
export const connector = 'Switchyard - Inbound from ExchangeDefender';

/** I4: the tenant holds our connector alone, switched as planned, and its health is stored as proven. */
export async function heldByTenant(
  world: ChaosWorld,
  { tenant }: ProvisioningRequest,
  locked: boolean,
): Promise<string[]> {
  const held = await connectorsOf(world, tenant.name);
  const [only] = held;
  const asPlanned =
    held.length === 1 &&
    only?.['Name'] === connector &&
    only['Enabled'] === locked &&
    isDeepStrictEqual(only['EFSkipIPs'], ['65.99.255.0/24']);
  const setUps = await setUpsOf(world, tenant.id);
  const [setUp] = setUps;
  const healthy = setUps.length === 1 && setUp?.health === 'proven' && setUp.locked === locked;
  return [
    ...(asPlanned ? [] : [`I4: the tenant holds ${JSON.stringify(held)}`]),
    ...(healthy ? [] : [`health: the set-up is stored as ${JSON.stringify(setUps)}`]),
  ];
}

/** I4: the tenant is as if nobody had asked. */
export async function nothingHeld(world: ChaosWorld, { tenant }: ProvisioningRequest): Promise<string[]> {
  const held = await connectorsOf(world, tenant.name);
  const setUps = await setUpsOf(world, tenant.id);
  return [
    ...(held.length === 0 ? [] : [`I4: the tenant still holds ${JSON.stringify(held)}`]),
    ...(setUps.length === 0 ? [] : [`health: the set-up is stored as ${JSON.stringify(setUps)}`]),
  ];
}

async function connectorsOf(world: ChaosWorld, tenant: string): Promise<Readonly<Record<string, unknown>>[]> {
  const { inboundConnectors } = await world.control<TenantView>(`tenants/${tenant}`);
  return inboundConnectors.map(({ stored }) => stored).filter((stored) => stored !== null);
}

async function setUpsOf(world: ChaosWorld, tenantId: string): Promise<SetUp[]> {
  const sql = 'select body from switchyard.set_ups where tenant_id = $1';
  return (await world.rows<{ body: SetUp }>(sql, [tenantId])).map(({ body }) => body);
}
