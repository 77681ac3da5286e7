import type { Cmdlet } from './cmdlet.ts';
import { acceptedDomainCmdlets } from './cmdlets/accepted-domain.ts';
import { allowBlockItemCmdlets } from './cmdlets/allow-block-items.ts';
import { antiPhishCmdlets } from './cmdlets/anti-phish.ts';
import { arcCmdlets } from './cmdlets/arc.ts';
import { connectionFilterCmdlets } from './cmdlets/connection-filter.ts';
import { contentFilterCmdlets } from './cmdlets/content-filter.ts';
import { dkimCmdlets } from './cmdlets/dkim.ts';
import { inboundConnectorCmdlets } from './cmdlets/inbound-connector.ts';
import { messageTraceCmdlets } from './cmdlets/message-trace.ts';
import { organizationConfigCmdlets } from './cmdlets/organization-config.ts';
import { outboundConnectorCmdlets } from './cmdlets/outbound-connector.ts';
import { remoteDomainCmdlets } from './cmdlets/remote-domain.ts';
import { rulePartCmdlets } from './cmdlets/rule-parts.ts';
import { servicePrincipalCmdlets } from './cmdlets/service-principal.ts';
import { spoofInsightCmdlets } from './cmdlets/spoof-insight.ts';
import { spoofItemCmdlets } from './cmdlets/spoof-items.ts';
import { testMessageCmdlets } from './cmdlets/test-message.ts';
import { transportConfigCmdlets } from './cmdlets/transport-config.ts';
import { transportRuleCmdlets } from './cmdlets/transport-rule.ts';

const cmdlets: readonly Cmdlet[] = [
  ...acceptedDomainCmdlets,
  ...allowBlockItemCmdlets,
  ...antiPhishCmdlets,
  ...arcCmdlets,
  ...connectionFilterCmdlets,
  ...contentFilterCmdlets,
  ...dkimCmdlets,
  ...inboundConnectorCmdlets,
  ...messageTraceCmdlets,
  ...organizationConfigCmdlets,
  ...outboundConnectorCmdlets,
  ...remoteDomainCmdlets,
  ...rulePartCmdlets,
  ...servicePrincipalCmdlets,
  ...spoofInsightCmdlets,
  ...spoofItemCmdlets,
  ...testMessageCmdlets,
  ...transportConfigCmdlets,
  ...transportRuleCmdlets,
];

/** All of them, by their names. */
export const cmdletNames: readonly string[] = cmdlets.map(({ name }) => name).toSorted();

const byName = new Map(cmdlets.map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]));

/** The cmdlet of that name, whatever its case. */
export function findCmdlet(name: string): Cmdlet | null {
  return byName.get(name.toLowerCase()) ?? null;
}
