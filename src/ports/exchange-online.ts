import type { CmdletCall } from '../core/change.ts';

/**
 * Canonical form of an inbound connector: what two reads of an unchanged object always agree on.
 * Sender domains without `smtp:` and cost, lower case; lists sorted and without repetition; null lists are empty.
 */
export interface InboundConnector {
  readonly Identity: string;
  readonly Name: string;
  readonly Guid: string;
  readonly Enabled: boolean;
  readonly ConnectorType: 'Partner' | 'OnPremises';
  readonly ConnectorSource: string;
  readonly Comment: string;
  readonly SenderDomains: readonly string[];
  readonly SenderIPAddresses: readonly string[];
  readonly AssociatedAcceptedDomains: readonly string[];
  readonly RequireTls: boolean;
  readonly RestrictDomainsToIPAddresses: boolean;
  readonly RestrictDomainsToCertificate: boolean;
  readonly TlsSenderCertificateName: string | null;
  readonly CloudServicesMailEnabled: boolean;
  readonly TreatMessagesAsInternal: boolean;
  readonly EFSkipLastIP: boolean;
  readonly EFSkipIPs: readonly string[];
  readonly EFUsers: readonly string[];
}

/** Canonical form of an outbound connector. */
export interface OutboundConnector {
  readonly Identity: string;
  readonly Name: string;
  readonly Guid: string;
  readonly Enabled: boolean;
  readonly ConnectorType: 'Partner' | 'OnPremises';
  readonly Comment: string;
  readonly RecipientDomains: readonly string[];
  readonly SmartHosts: readonly string[];
  readonly UseMXRecord: boolean;
  readonly TlsSettings: string | null;
  readonly TlsDomain: string | null;
  readonly IsTransportRuleScoped: boolean;
  readonly AllAcceptedDomains: boolean;
}

/** The part of a transport rule that routing and clean-up decisions need. */
export interface TransportRule {
  readonly Identity: string;
  readonly Name: string;
  readonly Guid: string;
  readonly State: 'Enabled' | 'Disabled';
  readonly Mode: string;
  readonly Priority: number;
  readonly Comments: string;
  readonly RouteMessageOutboundConnector: string | null;
}

/** A domain the tenant receives mail for. `DomainName` is lower case. */
export interface AcceptedDomain {
  readonly Identity: string;
  readonly DomainName: string;
  readonly DomainType: 'Authoritative' | 'InternalRelay' | 'ExternalRelay';
  readonly Default: boolean;
  /** The tenant's own `….onmicrosoft.com` domain, whose MX always points at Office 365. */
  readonly InitialDomain: boolean;
}

/** The part of the organisation's configuration that mail-flow plans rely on. */
export interface OrganizationConfig {
  readonly Identity: string;
  readonly IsDehydrated: boolean;
  readonly RejectDirectSend: boolean;
}

/** Which object each reading cmdlet returns. */
export interface ExchangeReads {
  readonly 'Get-InboundConnector': InboundConnector;
  readonly 'Get-OutboundConnector': OutboundConnector;
  readonly 'Get-TransportRule': TransportRule;
  readonly 'Get-AcceptedDomain': AcceptedDomain;
  readonly 'Get-OrganizationConfig': OrganizationConfig;
}

/**
 * Exchange Online of exactly one tenant. The token's `tid`, the URL and this tenant are compared on every call.
 * Errors: {@link import('../core/errors.ts').TenantAccessError} (401/403 ladder, consent),
 * `ThrottledError` and `UnavailableError` (try later), `RejectedError` (Exchange refused the values),
 * `UnknownOutcomeError` (a write whose effect is not known: read back before anything else).
 */
export interface ExchangeTenant {
  readonly tenantId: string;
  /** One object by its identity, or null when Exchange does not find it. An empty identity is refused unsent. */
  get<C extends keyof ExchangeReads>(
    cmdlet: C,
    identity: string,
    signal?: AbortSignal,
  ): Promise<ExchangeReads[C] | null>;
  /** All objects of one kind. */
  list<C extends keyof ExchangeReads>(cmdlet: C, signal?: AbortSignal): Promise<readonly ExchangeReads[C][]>;
  /** Several whole lists in one `$batch` round of at most ten. */
  lists<C extends keyof ExchangeReads>(
    cmdlets: readonly C[],
    signal?: AbortSignal,
  ): Promise<{ readonly [K in C]: readonly ExchangeReads[K][] }>;
  /** Sends one writing cmdlet, once. Only cmdlets and parameters of the cmdlet table can be sent. */
  invoke(call: CmdletCall, signal?: AbortSignal): Promise<{ readonly warnings: readonly string[] }>;
}

/** Exchange Online of the tenants we manage. */
export interface ExchangeOnline {
  tenant(tenantId: string): ExchangeTenant;
}
