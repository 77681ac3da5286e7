/**
 * What a message must be like for a rule to act on it. Unset: null, or an empty list. Conditions are joined by AND, the
 * entries of a list by OR. Domains and addresses are lower case; header names, words and patterns are kept as they were written.
 */
export interface RuleConditions {
  readonly From: readonly string[];
  readonly FromAddressContainsWords: readonly string[];
  readonly FromAddressMatchesPatterns: readonly string[];
  readonly FromMemberOf: readonly string[];
  readonly FromScope: string | null;
  readonly HeaderContainsMessageHeader: string | null;
  readonly HeaderContainsWords: readonly string[];
  readonly HeaderMatchesMessageHeader: string | null;
  readonly HeaderMatchesPatterns: readonly string[];
  /** Bytes, as decimal digits. */
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

/** When a rule does not act after all: each condition under its second name. Exceptions are joined by OR. */
export type RuleExceptions = {
  readonly [Name in keyof RuleConditions as `ExceptIf${Name}`]: RuleConditions[Name];
};

/** What a rule does to a message. */
export interface RuleActions {
  readonly DeleteMessage: boolean;
  readonly Quarantine: boolean;
  readonly RedirectMessageTo: readonly string[];
  readonly RejectMessageEnhancedStatusCode: string | null;
  readonly RejectMessageReasonText: string | null;
  readonly RemoveHeader: string | null;
  readonly RouteMessageOutboundConnector: string | null;
  readonly RouteMessageOutboundRequireTls: boolean;
  readonly SetHeaderName: string | null;
  readonly SetHeaderValue: string | null;
  /** −1 to 9, as text, which is how Exchange answers it. */
  readonly SetSCL: string | null;
  readonly StopRuleProcessing: boolean;
}

/** Canonical form of a transport rule. */
export interface TransportRule extends RuleConditions, RuleExceptions, RuleActions {
  readonly Identity: string;
  readonly Name: string;
  readonly Guid: string;
  readonly State: 'Enabled' | 'Disabled';
  readonly Mode: string;
  /** From 0; rules act in this order. */
  readonly Priority: number;
  readonly Comments: string;
  readonly RuleErrorAction: string | null;
  readonly SenderAddressLocation: string | null;
  readonly RecipientAddressType: string | null;
  /** ISO times in UTC between which the rule acts; null is open. */
  readonly ActivationDate: string | null;
  readonly ExpiryDate: string | null;
  /**
   * Names of further conditions, exceptions and actions that are in use, sorted. When there is one, what this object
   * says about the rule is not the whole rule.
   */
  readonly Unfamiliar: readonly string[];
  /** SHA-256 over the values of these in canonical form, so that an edit of one of them shows; null when there are none. */
  readonly UnfamiliarDigest: string | null;
}
