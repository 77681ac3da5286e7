import type { Cmdlet } from './cmdlet.ts';
import { acceptedDomainCmdlets } from './cmdlets/accepted-domain.ts';
import { inboundConnectorCmdlets } from './cmdlets/inbound-connector.ts';
import { organizationConfigCmdlets } from './cmdlets/organization-config.ts';
import { outboundConnectorCmdlets } from './cmdlets/outbound-connector.ts';
import { transportRuleCmdlets } from './cmdlets/transport-rule.ts';

const cmdlets: readonly Cmdlet[] = [
  ...acceptedDomainCmdlets,
  ...inboundConnectorCmdlets,
  ...organizationConfigCmdlets,
  ...outboundConnectorCmdlets,
  ...transportRuleCmdlets,
];

const byName = new Map(cmdlets.map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]));

/** The cmdlet of that name, whatever its case. */
export function findCmdlet(name: string): Cmdlet | null {
  return byName.get(name.toLowerCase()) ?? null;
}
