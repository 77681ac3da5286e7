import { findCmdlet } from '../exchange/cmdlet-table.ts';
import { invoke } from '../exchange/invoke.ts';
import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';

const DAY = 24 * 3600 * 1000;

/** A cmdlet that somebody in the organisation ran long ago, so that mail flow has acted on it ever since. */
export function runInThePast(
  world: World,
  tenant: Tenant,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  days = 90,
): void {
  const cmdlet = findCmdlet(name);
  if (!cmdlet) throw new RangeError(`The seed uses a cmdlet that is not simulated: ${name}`);
  const at = world.clock.now() - days * DAY;
  invoke(world, tenant, { cmdlet, parameters, actor: `admin@${tenant.initialDomain}`, fault: null, at });
}
