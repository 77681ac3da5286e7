import { choice, choices, each, flag, list, type Parameters, text } from '../parameter.ts';
import { DIRECTORY_ATTRIBUTES } from './directory-attributes.ts';
import { byteSize, headerName, spamLevel } from './rule-forms.ts';

const CONDITION_FLAGS =
  'AttachmentHasExecutableContent AttachmentIsPasswordProtected AttachmentIsUnsupported ' +
  'AttachmentProcessingLimitExceeded HasNoClassification HasSenderOverride';

const CONDITION_LISTS =
  'AnyOfCcHeader AnyOfCcHeaderMemberOf AnyOfRecipientAddressContainsWords AnyOfRecipientAddressMatchesPatterns ' +
  'AnyOfToCcHeader AnyOfToCcHeaderMemberOf AnyOfToHeader AnyOfToHeaderMemberOf AttachmentContainsWords ' +
  'AttachmentExtensionMatchesWords AttachmentMatchesPatterns AttachmentNameMatchesPatterns ' +
  'AttachmentPropertyContainsWords BetweenMemberOf1 BetweenMemberOf2 ContentCharacterSetContainsWords From ' +
  'FromAddressContainsWords FromAddressMatchesPatterns FromMemberOf HeaderContainsWords HeaderMatchesPatterns ' +
  'ManagerAddresses MessageContainsDataClassifications RecipientADAttributeContainsWords ' +
  'RecipientADAttributeMatchesPatterns RecipientAddressContainsWords RecipientAddressMatchesPatterns ' +
  'RecipientDomainIs RecipientInSenderList SenderADAttributeContainsWords SenderADAttributeMatchesPatterns ' +
  'SenderDomainIs SenderInRecipientList SenderIpRanges SentTo SentToMemberOf SubjectContainsWords ' +
  'SubjectMatchesPatterns SubjectOrBodyContainsWords SubjectOrBodyMatchesPatterns';

const ACTION_TEXTS =
  'ApplyClassification ApplyHtmlDisclaimerText ApplyRightsProtectionCustomizationTemplate ' +
  'ApplyRightsProtectionTemplate GenerateIncidentReport GenerateNotification LogEventText PrependSubject ' +
  'RejectMessageEnhancedStatusCode RejectMessageReasonText RouteMessageOutboundConnector SetHeaderValue ' +
  'SmtpRejectMessageRejectStatusCode SmtpRejectMessageRejectText';

const ACTION_FLAGS =
  'ApplyOME DeleteMessage Disconnect ModerateMessageByManager Quarantine RemoveOME RemoveOMEv2 ' +
  'RemoveRMSAttachmentEncryption RouteMessageOutboundRequireTls';

const ACTION_LISTS = 'AddToRecipients BlindCopyTo CopyTo ModerateMessageByUser RedirectMessageTo';

/** What a message must be like for a rule to act on it; every one exists as an exception too. */
export const conditions: Parameters = {
  ...each('AttachmentSizeOver MessageSizeOver', byteSize),
  ...each('HeaderContainsMessageHeader HeaderMatchesMessageHeader', headerName),
  HasClassification: text,
  SCLOver: spamLevel,
  ...each(CONDITION_FLAGS, flag),
  ...each(CONDITION_LISTS, list),
  ADComparisonAttribute: choice(...DIRECTORY_ATTRIBUTES),
  ADComparisonOperator: choice('Equal', 'NotEqual'),
  FromScope: choice('InOrganization', 'NotInOrganization'),
  ManagerForEvaluatedUser: choice('Recipient', 'Sender'),
  MessageTypeMatches: choice(
    'OOF',
    'AutoForward',
    'Encrypted',
    'Calendaring',
    'PermissionControlled',
    'Voicemail',
    'Signed',
    'ApprovalRequest',
    'ReadReceipt',
  ),
  SenderManagementRelationship: choice('Manager', 'DirectReport'),
  SentToScope: choice('InOrganization', 'NotInOrganization', 'ExternalPartner', 'ExternalNonPartner'),
  WithImportance: choice('Low', 'Normal', 'High'),
};

export const exceptions: Parameters = Object.fromEntries(
  Object.entries(conditions).map(([name, parameter]) => [`ExceptIf${name}`, parameter]),
);

/** Parameters that only say more about an action. */
export const MODIFIERS: readonly string[] = [
  'ApplyHtmlDisclaimerFallbackAction',
  'ApplyHtmlDisclaimerLocation',
  'IncidentReportContent',
  'IncidentReportOriginalMail',
  'SetHeaderValue',
];

export const actions: Parameters = {
  ...each(ACTION_TEXTS, text),
  ...each('RemoveHeader SetHeaderName', headerName),
  SetSCL: spamLevel,
  ...each(ACTION_FLAGS, flag),
  ...each(ACTION_LISTS, list),
  AddManagerAsRecipientType: choice('To', 'Cc', 'Bcc', 'Redirect'),
  ApplyHtmlDisclaimerFallbackAction: choice('Wrap', 'Ignore', 'Reject'),
  ApplyHtmlDisclaimerLocation: choice('Append', 'Prepend'),
  IncidentReportContent: choices(
    'Sender',
    'Recipients',
    'Subject',
    'CC',
    'BCC',
    'Severity',
    'RuleDetections',
    'FalsePositive',
    'IdMatch',
    'AttachOriginalMail',
  ),
  IncidentReportOriginalMail: choice('IncludeOriginalMail', 'DoNotIncludeOriginalMail'),
  NotifySender: choice(
    'NotifyOnly',
    'RejectMessage',
    'RejectUnlessFalsePositiveOverride',
    'RejectUnlessSilentOverride',
    'RejectUnlessExplicitOverride',
  ),
};
