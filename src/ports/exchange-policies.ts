/** How mail to and from one remote domain, or all of them (`*`), is treated. */
export interface RemoteDomain {
  readonly Identity: string;
  readonly Name: string;
  /** `*` or a domain, lower case. */
  readonly DomainName: string;
  readonly AllowedOOFType: string | null;
  readonly AutoReplyEnabled: boolean;
  /** Whether what people's programs forward by themselves is delivered there. */
  readonly AutoForwardEnabled: boolean;
}

/** The connection filter: whose mail is taken or refused by its address. */
export interface HostedConnectionFilterPolicy {
  readonly Identity: string;
  readonly IsDefault: boolean;
  readonly IPAllowList: readonly string[];
  readonly IPBlockList: readonly string[];
  readonly EnableSafeList: boolean;
}

/** A spam filter policy: what is done with which verdict, and which senders pass unseen. */
export interface HostedContentFilterPolicy {
  readonly Identity: string;
  readonly IsDefault: boolean;
  readonly SpamAction: string | null;
  readonly HighConfidenceSpamAction: string | null;
  readonly PhishSpamAction: string | null;
  readonly HighConfidencePhishAction: string | null;
  readonly BulkSpamAction: string | null;
  readonly AllowedSenders: readonly string[];
  readonly AllowedSenderDomains: readonly string[];
}

/** Who may or must not pose as whom: one entry of the Tenant Allow/Block List. */
export interface SpoofItem {
  /** A GUID, lower case. */
  readonly Identity: string;
  /** A mail address, a domain, or `*`; lower case. */
  readonly SpoofedUser: string;
  /** A domain, an IPv4 /24, or `*`; lower case. */
  readonly SendingInfrastructure: string;
  readonly SpoofType: 'External' | 'Internal';
  readonly Action: 'Allow' | 'Block';
}

/** A policy against phishing. The usual one is called `Office365 AntiPhish Default`. */
export interface AntiPhishPolicy {
  readonly Identity: string;
  readonly IsDefault: boolean;
  readonly Enabled: boolean;
  readonly EnableSpoofIntelligence: boolean;
  readonly AuthenticationFailAction: string | null;
  readonly HonorDmarcPolicy: boolean;
  readonly EnableUnauthenticatedSender: boolean;
  readonly EnableViaTag: boolean;
}

/** Whether and with which keys mail of a domain is signed. */
export interface DkimSigningConfig {
  readonly Identity: string;
  /** Lower case. */
  readonly Domain: string;
  readonly Enabled: boolean;
  /** `Valid`, `CnameMissing`, `NoDKIMKeys` and others. */
  readonly Status: string | null;
  /** What the DNS names `selector1._domainkey` and `selector2._domainkey` must point to; lower case. */
  readonly Selector1CNAME: string | null;
  readonly Selector2CNAME: string | null;
  /** Bits. */
  readonly Selector1KeySize: number | null;
  readonly Selector2KeySize: number | null;
}

/** Whose statements about authentication are believed on the way through them. */
export interface ArcConfig {
  readonly Identity: string;
  /** Domains, lower case. */
  readonly ArcTrustedSealers: readonly string[];
}

/** An alert policy of the compliance service. */
export interface ProtectionAlert {
  readonly Identity: string;
  readonly Name: string;
  readonly Disabled: boolean;
  readonly Severity: string | null;
  readonly NotificationEnabled: boolean;
  readonly NotifyUser: readonly string[];
  /** Built in: Microsoft documents that it cannot be changed by a cmdlet. */
  readonly IsSystemRule: boolean;
}
