import type { Change } from '../../core/change.ts';
import type { RoutingInbound, RoutingOutbound, RoutingTenant } from '../../mail/routing/types.ts';
import { newInboundConnectorDefaults } from '../../steps/inbound-connector.ts';
import type { MailFlow } from './tenant-reads.ts';

/** The tenant as the routing model sees it. */
export function routingOf(flow: MailFlow): RoutingTenant {
  const { acceptedDomains, inboundConnectors, outboundConnectors, transportRules, rejectDirectSend } = flow;
  const known = { acceptedDomains, inboundConnectors, outboundConnectors, transportRules, rejectDirectSend };
  return { ...known, remoteDomains: null };
}

/** The tenant as the changes would leave it. Kinds of objects that no step changes yet stay as they are. */
export function tenantAfter(tenant: RoutingTenant, changes: readonly Change[]): RoutingTenant {
  return changes.reduce(withChange, tenant);
}

function withChange(tenant: RoutingTenant, change: Change): RoutingTenant {
  switch (change.object.kind) {
    case 'InboundConnector':
      return { ...tenant, inboundConnectors: listAfter(tenant.inboundConnectors, change, newInbound) };
    case 'OutboundConnector':
      return { ...tenant, outboundConnectors: listAfter(tenant.outboundConnectors, change, newOutbound) };
    case 'OrganizationConfig': {
      const told = change.fields.find(({ field }) => field === 'RejectDirectSend');
      return told ? { ...tenant, rejectDirectSend: told.after === true } : tenant;
    }
    default:
      return tenant;
  }
}

function listAfter<Item extends { readonly Name: string }>(
  list: readonly Item[],
  { action, object, fields }: Change,
  fresh: Omit<Item, 'Name'>,
): readonly Item[] {
  if (action === 'no-op' || action === 'prove') return list;
  const others = list.filter(({ Name }) => Name !== object.identity);
  if (action === 'remove') return others;
  const before = list.find(({ Name }) => Name === object.identity) ?? { ...fresh, Name: object.identity };
  // The steps write canonical fields of exactly this kind of object.
  const written = Object.fromEntries(fields.map(({ field, after }) => [field, after])) as Partial<Item>;
  return [...others, { ...before, ...written } as Item];
}

const newInbound: Omit<RoutingInbound, 'Name'> = {
  ConnectorType: 'Partner',
  SenderDomains: [],
  ...newInboundConnectorDefaults,
};

const newOutbound: Omit<RoutingOutbound, 'Name'> = {
  Enabled: true,
  RecipientDomains: [],
  SmartHosts: [],
  UseMXRecord: true,
  IsTransportRuleScoped: false,
  AllAcceptedDomains: false,
  TestMode: false,
};
