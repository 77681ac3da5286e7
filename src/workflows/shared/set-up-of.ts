import type { Health, SetUp } from '../../core/set-up.ts';
import type { ProofOutcome } from '../../core/workflow.ts';

/** What every workflow about a gateway knows of its set-up. */
export type SetUpFacts = Pick<SetUp, 'tenantId' | 'domain' | 'gateway' | 'connector' | 'ranges' | 'mxPatterns'>;

/** The set-up as a run leaves it behind. */
export function setUpOf(facts: SetUpFacts, locked: boolean, proof: ProofOutcome): SetUp {
  const { tenantId, domain, gateway, connector, ranges, mxPatterns } = facts;
  return { tenantId, domain, gateway, connector, ranges, mxPatterns, locked, health: healths[proof] };
}

const healths: Record<ProofOutcome, Health> = {
  proven: 'proven',
  unknown: 'unknown',
  failed: 'degraded',
  none: 'unknown',
};
