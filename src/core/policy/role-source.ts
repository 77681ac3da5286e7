import { OpsError } from '../errors.ts';
import type { Actor, Person } from '../person.ts';

/** Where it is read what people may do. Asked at every click and again at the start of a run; answers are at most 5 minutes old. */
export interface RoleSource {
  /** Whether somebody can prove a fresh sign-in here. Where not, a rule that insists on one cannot be met. */
  readonly offersSignIn: boolean;
  /**
   * A person with what they may do now. Throws `RolesUnavailableError`: whoever cannot be looked up may do nothing.
   * `now` asks anew instead of using an answer of the last minutes: for the start of a run. Default: `usual`.
   */
  actor(person: Person, freshness?: 'usual' | 'now'): Promise<Actor>;
  /** Object ids, in the home tenant, of everybody who belongs to a ring now. Throws `RolesUnavailableError`. */
  membersOf(ring: string): Promise<readonly string[]>;
}

/** It cannot be established what a person may do, so it is taken to be nothing. */
export class RolesUnavailableError extends OpsError {
  override readonly name = 'RolesUnavailableError';
  readonly code = 'roles-unavailable';
}
