import type { SetUp } from '../../core/set-up.ts';

/** What every workflow about a gateway knows of its set-up. */
export type SetUpFacts = Pick<SetUp, 'tenantId' | 'domain' | 'gateway' | 'connector' | 'ranges' | 'mxPatterns'>;

/** The set-up as a run leaves it behind. */
export function setUpOf(facts: SetUpFacts, locked: boolean, proof: 'proven' | 'unknown' | 'none'): SetUp {
  const { tenantId, domain, gateway, connector, ranges, mxPatterns } = facts;
  const health = proof === 'proven' ? 'proven' : 'unknown';
  return { tenantId, domain, gateway, connector, ranges, mxPatterns, locked, health };
}
