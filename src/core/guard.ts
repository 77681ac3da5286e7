import type { Finding } from './check.ts';
import { DriftError, UnavailableError } from './errors.ts';
import { type JsonObject, sameJson } from './json.ts';

/** A fact of an approved plan that a run insists on before its next write. */
export interface Guard {
  /** Its place in the plan and its check, e.g. `guard 0: mx-at-gateway`. Part of the names of stored steps. */
  readonly name: string;
  /** Errors: see `insistOn`. */
  readonly holds: () => Promise<void>;
}

/**
 * Throws `DriftError` when the fact does not hold, or no longer for the reasons it was planned with, and
 * `UnavailableError` when nobody can say: that is no reason to take back what is done, but to ask again.
 */
export function insistOn(finding: Finding, planned: Finding | undefined): void {
  const detail = { operation: finding.check, next: finding.remedy };
  const words = `${finding.rule} ${finding.fact}`;
  if (finding.status === 'unknown') throw new UnavailableError(words, detail);
  const isSame = planned !== undefined && sameJson(finding.evidence, planned.evidence);
  if (finding.status === 'fail' || !isSame) throw new DriftError(words, detail);
}

/**
 * Asks all guards at once and waits for all answers. Throws the first error in the order of the plan, but one that is
 * known to be wrong before one that nobody can say.
 */
export async function allHold(guards: readonly Guard[]): Promise<JsonObject> {
  const asked = await Promise.allSettled(guards.map(({ holds }) => holds()));
  const errors: unknown[] = asked.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  if (errors.length > 0) throw errors.find((error) => error instanceof DriftError) ?? errors[0];
  return {};
}
