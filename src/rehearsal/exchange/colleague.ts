import { findComplianceCmdlet } from '../compliance/compliance-service.ts';
import type { World } from '../world.ts';
import type { Cmdlet } from './cmdlet.ts';
import { findCmdlet } from './cmdlet-table.ts';
import { ExchangeError } from './exchange-error.ts';
import { type Invocation, invoke } from './invoke.ts';
import type { Tenant } from './tenant.ts';

/** Every cmdlet that somebody in the admin centre may run, of either service. */
export function findAnyCmdlet(name: string): Cmdlet | null {
  return findCmdlet(name) ?? findComplianceCmdlet(name);
}

/** Somebody in the admin centre runs a cmdlet, without the wire and its faults, and the journal says who. */
export function runAsColleague(
  world: World,
  tenant: Tenant,
  cmdlet: Cmdlet,
  parameters: Readonly<Record<string, unknown>>,
): Invocation | ExchangeError {
  const actor = `admin@${tenant.initialDomain}`;
  const note = (outcome: string): void => {
    const facts = { tenant: tenant.id, tenantName: tenant.name, cmdlet: cmdlet.name, parameters };
    world.journal.add({ where: 'exchange', ...facts, outcome, by: actor });
  };
  try {
    const invocation = invoke(world, tenant, { cmdlet, parameters, actor, fault: null });
    note('ok');
    return invocation;
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    note(error.type.split('.').at(-1) ?? error.type);
    return error;
  }
}
