import type { CmdletCall } from '../core/change.ts';
import type { JsonObject } from '../core/json.ts';
import type {
  AntiPhishPolicy,
  ArcConfig,
  DkimSigningConfig,
  HostedConnectionFilterPolicy,
  HostedContentFilterPolicy,
  ProtectionAlert,
  RemoteDomain,
  SpoofItem,
} from './exchange-policies.ts';
import type { TraceEvent, TraceRow, ValidationTask } from './exchange-questions.ts';
import type { TransportRule } from './transport-rule.ts';

/**
 * Canonical form of an inbound connector: what two reads of an unchanged object always agree on.
 * Sender domains without `smtp:` and cost, lower case; lists sorted and without repetition; null lists are empty.
 * `ConnectorSource` is `Default` also for what the admin centre made, which Exchange calls `AdminUI`.
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
  /** Enhanced filtering only pretends. Nobody but Microsoft can set it. */
  readonly EFTestMode: boolean;
}

/** Canonical form of an outbound connector. Domains and smart hosts are lower case, sorted, without repetition. */
export interface OutboundConnector {
  readonly Identity: string;
  readonly Name: string;
  readonly Guid: string;
  readonly Enabled: boolean;
  readonly ConnectorType: 'Partner' | 'OnPremises';
  /** `Default` also for what the admin centre made, which Exchange calls `AdminUI`. */
  readonly ConnectorSource: string;
  readonly Comment: string;
  readonly RecipientDomains: readonly string[];
  readonly SmartHosts: readonly string[];
  readonly UseMXRecord: boolean;
  readonly TlsSettings: string | null;
  readonly TlsDomain: string | null;
  readonly IsTransportRuleScoped: boolean;
  readonly AllAcceptedDomains: boolean;
  readonly RouteAllMessagesViaOnPremises: boolean;
  readonly CloudServicesMailEnabled: boolean;
  readonly MtaStsMode: string | null;
  readonly SmtpDaneMode: string | null;
  /** A connector that is only tried out. Most tools do not show it. */
  readonly TestMode: boolean;
  readonly ValidationRecipients: readonly string[];
  readonly IsValidated: boolean;
  /** ISO time in UTC. */
  readonly LastValidationTimestamp: string | null;
}

/** A domain the tenant receives mail for. `DomainName` is lower case. */
export interface AcceptedDomain {
  readonly Identity: string;
  readonly DomainName: string;
  readonly DomainType: 'Authoritative' | 'InternalRelay' | 'ExternalRelay';
  readonly Default: boolean;
  readonly MatchSubDomains: boolean;
  /** The tenant's own `….onmicrosoft.com` domain, whose MX always points at Office 365. */
  readonly InitialDomain: boolean;
  /** Nobody in the tenant may send with an address of this domain. */
  readonly SendingFromDomainDisabled: boolean;
  /** No mail to this domain is delivered. */
  readonly SendingToDomainDisabled: boolean;
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
  readonly 'Get-RemoteDomain': RemoteDomain;
  readonly 'Get-OrganizationConfig': OrganizationConfig;
  readonly 'Get-HostedConnectionFilterPolicy': HostedConnectionFilterPolicy;
  readonly 'Get-HostedContentFilterPolicy': HostedContentFilterPolicy;
  readonly 'Get-TenantAllowBlockListSpoofItems': SpoofItem;
  readonly 'Get-AntiPhishPolicy': AntiPhishPolicy;
  readonly 'Get-DkimSigningConfig': DkimSigningConfig;
  readonly 'Get-ArcConfig': ArcConfig;
  /** From the compliance service: needs a role of its own, which may be missing where everything else works. */
  readonly 'Get-ProtectionAlert': ProtectionAlert;
}

/** Which rows each asking cmdlet answers: what it says depends on its parameters, and it changes nothing. */
export interface ExchangeQuestions {
  readonly 'Get-MessageTraceV2': TraceRow;
  readonly 'Get-MessageTraceDetailV2': TraceEvent;
  /** Sends a test mail to each of its recipients, once: `UnknownOutcomeError` when no answer comes. Takes minutes. */
  readonly 'Validate-OutboundConnector': ValidationTask;
}

/**
 * Exchange Online of exactly one tenant. The token's `tid`, the URL and this tenant are compared on every call.
 * Errors: {@link import('../core/errors.ts').TenantAccessError} (401/403 ladder, consent),
 * `RefusedError` (not in the cmdlet table, contradictory, or without the identity of one object: nothing was sent),
 * `ThrottledError` and `UnavailableError` (try later), `RejectedError` (Exchange refused the values),
 * `UnknownOutcomeError` (a write whose effect is not known: read back before anything else).
 */
export interface ExchangeTenant {
  readonly tenantId: string;
  /**
   * One object by its identity, or null when Exchange does not find it; for up to 300 seconds after its creation it may
   * not. An empty identity is refused unsent.
   */
  get<C extends keyof ExchangeReads>(
    cmdlet: C,
    identity: string,
    signal?: AbortSignal,
  ): Promise<ExchangeReads[C] | null>;
  /** All objects of one kind. */
  list<C extends keyof ExchangeReads>(cmdlet: C, signal?: AbortSignal): Promise<readonly ExchangeReads[C][]>;
  /** Several whole lists, ten of them in each `$batch` round. */
  lists<C extends keyof ExchangeReads>(
    cmdlets: readonly C[],
    signal?: AbortSignal,
  ): Promise<{ readonly [K in C]: readonly ExchangeReads[K][] }>;
  /** What Exchange answers to a question with parameters, whole. */
  ask<C extends keyof ExchangeQuestions>(
    cmdlet: C,
    parameters: JsonObject,
    signal?: AbortSignal,
  ): Promise<readonly ExchangeQuestions[C][]>;
  /** Sends one writing cmdlet, once. Only cmdlets and parameters of the cmdlet table can be sent. */
  invoke(
    call: CmdletCall,
    signal?: AbortSignal,
    beforeSending?: () => Promise<void>,
  ): Promise<{ readonly warnings: readonly string[] }>;
  /**
   * Sends the inverse of a change, once, as `invoke` does: cmdlets, parameters and kinds of values of the cmdlet table.
   * What Exchange held may be set back also where we would not write it anew: wide, long, of another form, contradictory.
   */
  restore(
    inverse: CmdletCall,
    signal?: AbortSignal,
    beforeSending?: () => Promise<void>,
  ): Promise<{ readonly warnings: readonly string[] }>;
  /** Why `restore` would refuse this inverse unsent, as a clause; null when it would send it. */
  whyNotRestored(inverse: CmdletCall): string | null;
}

/** Exchange Online of the tenants we manage. */
export interface ExchangeOnline {
  tenant(tenantId: string): ExchangeTenant;
}
