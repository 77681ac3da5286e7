import type { ObjectKind, Tenant } from './tenant.ts';

const HOUR = 3600;

/** How long mail flow takes to see a change of each kind, in virtual seconds. Connectors and rules are switches. */
const EFFECTIVE_AFTER: Readonly<Record<Exclude<ObjectKind, Switched>, number>> = {
  acceptedDomains: 120,
  remoteDomains: 120,
  organizationConfig: 120,
  connectionFilters: HOUR,
  spoofItems: 300,
  allowBlockItems: 300,
  antiPhishPolicies: HOUR / 2,
  contentFilters: HOUR / 2,
  dkimConfigs: 300,
  arcConfigs: 300,
  protectionAlerts: 0,
  servicePrincipals: 0,
  transportConfigs: HOUR / 2,
};

type Switched = 'inboundConnectors' | 'outboundConnectors' | 'transportRules';

/** A blocked address is let in for longer than an allowed one is kept out, as documented. */
export const BLOCKED_ADDRESSES_AFTER = 4 * HOUR;

export function effectiveAfter({ switches }: Tenant, kind: ObjectKind): number {
  switch (kind) {
    case 'inboundConnectors':
    case 'outboundConnectors':
      return switches.connectorSeconds;
    case 'transportRules':
      return switches.ruleSeconds;
    default:
      return EFFECTIVE_AFTER[kind];
  }
}
