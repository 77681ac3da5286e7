import type { AcceptedDomain, ExchangeTenant, InboundConnector, OutboundConnector } from './exchange-online.ts';
import type {
  AntiPhishPolicy,
  ArcConfig,
  DkimSigningConfig,
  HostedConnectionFilterPolicy,
  HostedContentFilterPolicy,
  RemoteDomain,
  SpoofItem,
} from './exchange-policies.ts';
import type { TransportRule } from './transport-rule.ts';

/**
 * Everything in one tenant's Exchange Online that decides about its mail, as checks and the routing model need it. Alert
 * policies are not part of it: they are another service with a role of its own, and no mail goes another way for them.
 */
export interface MailFlow {
  readonly acceptedDomains: readonly AcceptedDomain[];
  readonly inboundConnectors: readonly InboundConnector[];
  readonly outboundConnectors: readonly OutboundConnector[];
  /** In the order in which they act. */
  readonly transportRules: readonly TransportRule[];
  readonly remoteDomains: readonly RemoteDomain[];
  /** The organisation refuses mail from outside that poses as its own and comes through no connector. */
  readonly rejectDirectSend: boolean;
  /** Never customised: connectors and rules cannot be made before it is. */
  readonly isDehydrated: boolean;
  readonly connectionFilters: readonly HostedConnectionFilterPolicy[];
  readonly contentFilters: readonly HostedContentFilterPolicy[];
  readonly spoofItems: readonly SpoofItem[];
  readonly antiPhishPolicies: readonly AntiPhishPolicy[];
  readonly dkimSigningConfigs: readonly DkimSigningConfig[];
  readonly arcConfigs: readonly ArcConfig[];
}

/**
 * Reads the whole mail flow of a tenant: twelve lists, asked for at once in two `$batch` calls of at most ten reads each
 * that do not wait for each other; only lists of more than one page take a second round. Errors as in `ExchangeTenant`;
 * there is no partial answer.
 */
export async function readWholeMailFlow(
  exchange: Pick<ExchangeTenant, 'lists'>,
  signal?: AbortSignal,
): Promise<MailFlow> {
  const lists = await exchange.lists(
    [
      'Get-AcceptedDomain',
      'Get-InboundConnector',
      'Get-OutboundConnector',
      'Get-TransportRule',
      'Get-RemoteDomain',
      'Get-OrganizationConfig',
      'Get-HostedConnectionFilterPolicy',
      'Get-HostedContentFilterPolicy',
      'Get-TenantAllowBlockListSpoofItems',
      'Get-AntiPhishPolicy',
      'Get-DkimSigningConfig',
      'Get-ArcConfig',
    ],
    signal,
  );
  const organizations = lists['Get-OrganizationConfig'];
  return {
    acceptedDomains: lists['Get-AcceptedDomain'],
    inboundConnectors: lists['Get-InboundConnector'],
    outboundConnectors: lists['Get-OutboundConnector'],
    transportRules: lists['Get-TransportRule'].toSorted((a, b) => a.Priority - b.Priority),
    remoteDomains: lists['Get-RemoteDomain'],
    rejectDirectSend: organizations.some((one) => one.RejectDirectSend),
    isDehydrated: organizations.some((one) => one.IsDehydrated),
    connectionFilters: lists['Get-HostedConnectionFilterPolicy'],
    contentFilters: lists['Get-HostedContentFilterPolicy'],
    spoofItems: lists['Get-TenantAllowBlockListSpoofItems'],
    antiPhishPolicies: lists['Get-AntiPhishPolicy'],
    dkimSigningConfigs: lists['Get-DkimSigningConfig'],
    arcConfigs: lists['Get-ArcConfig'],
  };
}
