import type { Fault } from '../faults.ts';
import type { World } from '../world.ts';
import { bindParameters } from './bind-parameters.ts';
import type { Cmdlet } from './cmdlet.ts';
import type { ExchangeObject } from './exchange-object.ts';
import { cutToSize } from './result-size.ts';
import type { Tenant } from './tenant.ts';

/** What a cmdlet answered. */
export interface Invocation {
  readonly objects: readonly ExchangeObject[];
  readonly warnings: readonly string[];
}

/** Runs one cmdlet in a tenant. */
export function invoke(
  world: World,
  tenant: Tenant,
  call: {
    cmdlet: Cmdlet;
    parameters: Readonly<Record<string, unknown>>;
    actor: string;
    fault: Fault | null;
    /** Virtual milliseconds, for what happened before the rehearsal began; now unless said. */
    at?: number;
  },
): Invocation {
  const { cmdlet, parameters, actor, fault, at = world.clock.now() } = call;
  const bound = bindParameters(cmdlet.name, cmdlet.parameters, parameters);
  const warnings: string[] = [];
  const objects = cmdlet.run({ world, tenant, now: at, actor, warnings, fault }, bound);
  // A cmdlet that cannot be asked for more gives everything.
  const whole = 'ResultSize' in cmdlet.parameters ? cutToSize(objects, bound.get('ResultSize'), warnings) : objects;
  return { objects: whole, warnings };
}
