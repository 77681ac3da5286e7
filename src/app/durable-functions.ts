import { fenced } from '../adapters/exchange-online/fenced.ts';
import { snapshotOf } from '../adapters/exchange-online/snapshot.ts';
import type { Gate } from '../core/gate.ts';
import { confirmFunction, planFunction } from '../core/planning.ts';
import { runFunction } from '../core/run.ts';
import type { RunServices } from '../core/run-services.ts';
import type { World } from '../ports/world.ts';
import { defectSeen } from '../telemetry/events.ts';
import { powershell } from '../views/powershell.ts';
import { workflows } from '../workflows/index.ts';
import type { AppOptions } from './app-options.ts';
import type { Outside } from './outside.ts';
import { policyOf } from './policy.ts';
import type { Stores } from './stores.ts';

/** Everything the durable engine can be asked to carry out. */
export function functionsOf(options: AppOptions, outside: Outside, stores: Stores, gate: Gate) {
  const { clock, log } = options;
  const { exchange, dns, smtp } = outside;
  const around = (tenant: World['tenant']) => ({ tenant, dns, smtp, setUps: stores.setUps, clock });
  const services: RunServices<World> = {
    gate,
    store: stores.requests,
    clock,
    policyVersion: policyOf(options.config).version,
    worldOf: (tenant, stillOurs) => ({ ...around(tenant), exchange: fenced(exchange.tenant(tenant.id), stillOurs) }),
    planningWorldOf: (tenant) => ({ ...around(tenant), exchange: snapshotOf(exchange.tenant(tenant.id)) }),
    commandLine: powershell,
    onDefect: (error) => defectSeen(log, error),
  };
  const find = (name: string): (typeof workflows)[number] | undefined => workflows.find((one) => one.name === name);
  const runs = workflows.map((workflow) => runFunction(workflow, services));
  return [planFunction(services, find), confirmFunction(services, find), ...runs];
}
