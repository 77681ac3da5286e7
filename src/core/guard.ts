import type { JsonObject } from './json.ts';

/** A fact of an approved plan that a run insists on before its next write. */
export interface Guard {
  /** Its place in the plan and its check, e.g. `guard 0: mx-at-gateway`. Part of the names of stored steps. */
  readonly name: string;
  /** Throws `DriftError` when the fact does not hold, or no longer for the reasons it was planned with. */
  holds(): Promise<void>;
}

/** Asks all guards at once. Throws the error of the first in the plan that does not hold, once all have answered. */
export async function allHold(guards: readonly Guard[]): Promise<JsonObject> {
  const asked = await Promise.allSettled(guards.map(({ holds }) => holds()));
  for (const answer of asked) {
    if (answer.status === 'rejected') throw answer.reason;
  }
  return {};
}
