import type { CmdletEntry } from './cmdlets/cmdlet-entry.ts';
import { domains } from './cmdlets/domains.ts';
import { hygiene } from './cmdlets/hygiene.ts';
import { inboundConnector } from './cmdlets/inbound-connector.ts';
import { organization } from './cmdlets/organization.ts';
import { outboundConnector } from './cmdlets/outbound-connector.ts';
import { spoofItems } from './cmdlets/spoof-items.ts';
import { transportRule } from './cmdlets/transport-rule.ts';

/** Everything that can be sent to Exchange Online. Whatever is not here cannot be sent at all. */
export const cmdletTable: ReadonlyMap<string, CmdletEntry> = new Map<string, CmdletEntry>(
  Object.entries({
    ...inboundConnector,
    ...outboundConnector,
    ...transportRule,
    ...domains,
    ...hygiene,
    ...spoofItems,
    ...organization,
  }),
);
