import type { Fault } from '../faults.ts';
import type { World } from '../world.ts';
import type { Bound } from './bind-parameters.ts';
import type { ExchangeObject } from './exchange-object.ts';
import type { Parameters } from './parameter.ts';
import type { Tenant } from './tenant.ts';

/** What a cmdlet works on. */
export interface CmdletContext {
  readonly world: World;
  readonly tenant: Tenant;
  /** Virtual milliseconds. */
  readonly now: number;
  /** Who called, as Exchange names them in `LastModifiedBy`. */
  readonly actor: string;
  /** Filled by the cmdlet, answered beside its result. */
  readonly warnings: string[];
  /** A fault of the kinds that change what is stored or when. */
  readonly fault: Fault | null;
}

/** One cmdlet: its parameters, and what it does. Writes that return nothing answer an empty list. */
export interface Cmdlet {
  readonly name: string;
  readonly parameters: Parameters;
  readonly run: (context: CmdletContext, bound: Bound) => readonly ExchangeObject[];
}
