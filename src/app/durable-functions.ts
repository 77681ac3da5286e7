import { Worlds } from '../adapters/recent/worlds.ts';
import { Confirmations, confirm, confirmingAtOnce } from '../core/confirming.ts';
import type { Gate } from '../core/gate.ts';
import { confirmFunction, planFunction } from '../core/planning.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import { runFunction } from '../core/run.ts';
import type { RunServices } from '../core/run-services.ts';
import { undoFunction } from '../core/undo-again.ts';
import type { World } from '../ports/world.ts';
import { defectSeen } from '../telemetry/events.ts';
import { powershell } from '../views/powershell.ts';
import { draining } from '../workflows/draining.ts';
import { workflows } from '../workflows/index.ts';
import type { AppOptions } from './app-options.ts';
import type { Outside } from './outside.ts';
import { policyBook } from './policy-book.ts';
import type { Stores } from './stores.ts';

/** Everything the durable engine can be asked to carry out, and the gate through which people decide. */
export function functionsOf(options: AppOptions, outside: Outside, stores: Stores, gate: Gate, roles: RoleSource) {
  const { clock, log } = options;
  const { exchange, dns, smtp } = outside;
  const worlds = new Worlds();
  const homeTenantId = options.config.bot.tenantId;
  const { offersSignIn } = roles;
  const around = (tenant: World['tenant'], stillOurs?: () => Promise<void>): World => {
    const policies = policyBook(stores, { tenantId: tenant.id, homeTenantId, offersSignIn }, stillOurs);
    const directory = outside.directory.tenant(tenant.id);
    return {
      tenant,
      policies,
      exchange: exchange.tenant(tenant.id),
      directory,
      dns,
      smtp,
      setUps: stores.setUps,
      clock,
    };
  };
  const services: RunServices<World> = {
    gate,
    confirmations: new Confirmations(),
    find: (name) => workflows.find((one) => one.name === name),
    store: stores.requests,
    setUps: stores.setUps,
    clock,
    policies: stores.policies,
    roles,
    worldsOf: (tenant, stillOurs) => worlds.forRun(around(tenant, stillOurs), stillOurs),
    planningWorldOf: (tenant, age) => worlds.forPlanning(around(tenant), age),
    commandLine: powershell,
    onDefect: (error) => defectSeen(log, error),
  };
  const runs = [...workflows, ...draining].flatMap((one) => [runFunction(one, services), undoFunction(one, services)]);
  const functions = [planFunction(services), confirmFunction(services), ...runs];
  return { functions, gateOfPeople: confirmingAtOnce(gate, (request) => confirm(services, request)) };
}
