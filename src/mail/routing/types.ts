/**
 * The part of an inbound connector that decides where mail is let in. Canonical form: domains lower case and without
 * `smtp:` and cost, addresses as single IPv4 addresses or CIDR blocks. Source: New-InboundConnector.
 */
export interface RoutingInbound {
  readonly Name: string;
  readonly Enabled: boolean;
  readonly ConnectorType: 'Partner' | 'OnPremises';
  readonly SenderDomains: readonly string[];
  readonly SenderIPAddresses: readonly string[];
  readonly AssociatedAcceptedDomains: readonly string[];
  readonly RequireTls: boolean;
  readonly RestrictDomainsToIPAddresses: boolean;
  readonly RestrictDomainsToCertificate: boolean;
  readonly TlsSenderCertificateName: string | null;
  readonly CloudServicesMailEnabled: boolean;
  readonly TreatMessagesAsInternal: boolean;
}

/** The part of an outbound connector that decides which mail leaves through it. Source: New-OutboundConnector. */
export interface RoutingOutbound {
  readonly Name: string;
  readonly Enabled: boolean;
  /** `x.y`, `*.x.y` or `*`, lower case. */
  readonly RecipientDomains: readonly string[];
  readonly SmartHosts: readonly string[];
  readonly UseMXRecord: boolean;
  readonly IsTransportRuleScoped: boolean;
  readonly AllAcceptedDomains: boolean;
  readonly TestMode: boolean;
}

/** Conditions that the model understands. Unset is null or an empty list. Source: New-TransportRule. */
export interface RoutingConditions {
  readonly From: readonly string[];
  readonly FromAddressContainsWords: readonly string[];
  readonly FromAddressMatchesPatterns: readonly string[];
  readonly FromMemberOf: readonly string[];
  readonly FromScope: string | null;
  readonly HeaderContainsMessageHeader: string | null;
  readonly HeaderContainsWords: readonly string[];
  readonly HeaderMatchesMessageHeader: string | null;
  readonly HeaderMatchesPatterns: readonly string[];
  /** Octets, as decimal digits. */
  readonly MessageSizeOver: string | null;
  readonly MessageTypeMatches: string | null;
  readonly RecipientDomainIs: readonly string[];
  readonly SCLOver: string | null;
  readonly SenderDomainIs: readonly string[];
  readonly SenderIpRanges: readonly string[];
  readonly SentTo: readonly string[];
  readonly SentToMemberOf: readonly string[];
  readonly SentToScope: string | null;
}

/** The same tests under their second names, as exceptions. */
export type RoutingExceptions = {
  readonly [Name in keyof RoutingConditions as `ExceptIf${Name}`]: RoutingConditions[Name];
};

/** A transport rule as far as it decides about routing. */
export interface RoutingRule extends RoutingConditions, RoutingExceptions {
  readonly Name: string;
  readonly State: 'Enabled' | 'Disabled';
  /** `Enforce`, `Audit` or `AuditAndNotify`; empty is `Enforce`. */
  readonly Mode: string;
  /** From 0; rules act in this order. */
  readonly Priority: number;
  readonly RuleErrorAction: string | null;
  readonly SenderAddressLocation: string | null;
  readonly RecipientAddressType: string | null;
  /** ISO times between which the rule acts; null is open. */
  readonly ActivationDate: string | null;
  readonly ExpiryDate: string | null;
  readonly DeleteMessage: boolean;
  readonly Quarantine: boolean;
  readonly RedirectMessageTo: readonly string[];
  readonly RejectMessageEnhancedStatusCode: string | null;
  readonly RejectMessageReasonText: string | null;
  readonly RemoveHeader: string | null;
  readonly RouteMessageOutboundConnector: string | null;
  readonly SetHeaderName: string | null;
  readonly SetHeaderValue: string | null;
  /** −1 to 9, as text. */
  readonly SetSCL: string | null;
  readonly StopRuleProcessing: boolean;
  /** Names of parameters in use that this type does not have: with one of them, a match is a guess. */
  readonly Unfamiliar: readonly string[];
}

/** A domain of the tenant. `DomainName` is lower case. Source: Get-AcceptedDomain, Set-AcceptedDomain. */
export interface RoutingDomain {
  readonly DomainName: string;
  readonly DomainType: 'Authoritative' | 'InternalRelay' | 'ExternalRelay';
  readonly Default: boolean;
  readonly InitialDomain: boolean;
  readonly MatchSubDomains: boolean;
  /** Nobody in the tenant may send with an address of this domain. */
  readonly SendingFromDomainDisabled: boolean;
  /** No mail to this domain is delivered, wherever it comes from. */
  readonly SendingToDomainDisabled: boolean;
}

/** What may leave for a domain, or for all (`*`) that have no entry of their own. Source: Set-RemoteDomain. */
export interface RoutingRemote {
  /** `x.y`, `*.x.y` or `*`, lower case. */
  readonly DomainName: string;
  /** False: what people's programs forward by themselves is not delivered there. */
  readonly AutoForwardEnabled: boolean;
}

/** What decides about mail flow in one tenant, as it is now or as an open plan would leave it. */
export interface RoutingTenant {
  readonly acceptedDomains: readonly RoutingDomain[];
  readonly inboundConnectors: readonly RoutingInbound[];
  readonly outboundConnectors: readonly RoutingOutbound[];
  readonly transportRules: readonly RoutingRule[];
  /** Null when they were not read: whether an automatic forward may leave is then a doubt. */
  readonly remoteDomains: readonly RoutingRemote[] | null;
  /** RejectDirectSend of the organisation. */
  readonly rejectDirectSend: boolean;
}

/** How a message comes to Exchange Online. */
export type RoutingOrigin =
  | { readonly by: 'user' }
  | {
      readonly by: 'server';
      /** Public IPv4 address of the last hop. */
      readonly address: string;
      readonly tls: boolean;
      /** Names in the certificate that the server shows; empty without one. */
      readonly certificate: readonly string[];
    };

/** The message that is asked about. */
export interface RoutingMessage {
  readonly origin: RoutingOrigin;
  /** Envelope sender; empty for bounces and automatic replies. */
  readonly from: string;
  readonly headerFrom: string;
  readonly to: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** `OOF`, `Calendaring`, `Voicemail` and the other names of MessageTypeMatches; null for ordinary mail. */
  readonly type: string | null;
  /** Octets. */
  readonly size: number;
  /** Spam confidence level before any rule, −1 to 9; null when nobody knows. */
  readonly scl: number | null;
  /** Whether the recipient has a mailbox here. Null: nobody knows; in an authoritative domain it is then taken to have one. */
  readonly recipientExists: boolean | null;
  /** Names of rules that have already sent this message elsewhere. */
  readonly divertedBy: readonly string[];
  /** Milliseconds since the epoch at which it is sent. */
  readonly at: number;
}

/** What becomes of a message, or of one copy of it. */
export type RouteVerdict =
  | { readonly kind: 'delivered' }
  /** Passed on: through the smart hosts of a connector, or by MX when there are none. */
  | { readonly kind: 'sent'; readonly hosts: readonly string[] }
  /** `code` is the enhanced status code, such as `5.7.51`. */
  | { readonly kind: 'refused' | 'deferred' | 'looped'; readonly code: string }
  | { readonly kind: 'quarantined' | 'deleted' };

/** One recipient's copy after the rules. */
export interface RouteCopy {
  readonly recipient: string;
  readonly connectorOut: string | null;
  readonly verdict: RouteVerdict;
}

/** A rule that matched; `acts` is false for one that only watches. */
export interface RuleMatch {
  readonly name: string;
  readonly acts: boolean;
}

/** The way of a message through the tenant. */
export interface Route {
  /** The inbound connector it comes by, or that refuses it; null for none. */
  readonly connectorIn: string | null;
  /** The connection counts as the organisation's own. */
  readonly isInternal: boolean;
  /** In the order in which they act. */
  readonly rules: readonly RuleMatch[];
  /** Spam confidence level that rules set; null for none. */
  readonly scl: number | null;
  /** At least one; more than one only when a rule redirects to several. */
  readonly copies: readonly RouteCopy[];
  /** Of the first copy. */
  readonly connectorOut: string | null;
  /** Of the first copy. */
  readonly verdict: RouteVerdict;
  /** Every decision on the way as a sentence, in order. */
  readonly why: readonly string[];
  /** What could make it come out otherwise. Empty: it is certain, as far as public documentation goes. */
  readonly doubts: readonly string[];
}
