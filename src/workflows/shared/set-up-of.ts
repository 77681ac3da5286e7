import type { Health, SetUp } from '../../core/set-up.ts';
import type { ProofOutcome } from '../../core/workflow.ts';

/** What every workflow about a gateway knows of its set-up. */
export type SetUpFacts = Pick<
  SetUp,
  'tenantId' | 'domain' | 'gateway' | 'gatewayVersion' | 'connector' | 'guid' | 'ranges' | 'mxPatterns'
> & {
  /** The domain that the set-up was asked for, where the request names another one of the tenant. */
  readonly setUpDomain?: string;
};

/** The set-up as a run leaves it behind. */
export function setUpOf(facts: SetUpFacts, locked: boolean, proof: ProofOutcome): SetUp {
  const {
    tenantId,
    setUpDomain: domain = facts.domain,
    gateway,
    gatewayVersion,
    connector,
    guid,
    ranges,
    mxPatterns,
  } = facts;
  const health = healths[proof];
  const known = guid === undefined ? {} : { guid };
  return { tenantId, domain, gateway, gatewayVersion, connector, ...known, ranges, mxPatterns, locked, health };
}

const healths: Record<ProofOutcome, Health> = {
  proven: 'proven',
  unknown: 'unknown',
  failed: 'degraded',
  none: 'unknown',
};
