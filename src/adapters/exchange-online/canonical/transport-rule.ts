import { z } from 'zod/v4';
import { asJson, canonicalJson, digestOf, type Json } from '../../../core/json.ts';
import type { RuleExceptions, TransportRule } from '../../../ports/transport-rule.ts';
import {
  addresses,
  byteSize,
  count,
  flag,
  guid,
  list,
  lowerList,
  moment,
  name,
  numberWord,
  word,
  words,
} from './forms.ts';

const conditions = {
  From: lowerList,
  FromAddressContainsWords: list,
  FromAddressMatchesPatterns: list,
  FromMemberOf: lowerList,
  FromScope: word,
  HeaderContainsMessageHeader: word,
  HeaderContainsWords: list,
  HeaderMatchesMessageHeader: word,
  HeaderMatchesPatterns: list,
  MessageSizeOver: byteSize,
  MessageTypeMatches: word,
  RecipientDomainIs: lowerList,
  SCLOver: numberWord,
  SenderDomainIs: lowerList,
  SenderIpRanges: addresses,
  SentTo: lowerList,
  SentToMemberOf: lowerList,
  SentToScope: word,
};

type Exceptions = { [Name in keyof typeof conditions as `ExceptIf${Name}`]: (typeof conditions)[Name] };

const exceptions = Object.fromEntries(
  Object.entries(conditions).map(([condition, form]) => [`ExceptIf${condition}`, form]),
) as Exceptions satisfies Record<keyof RuleExceptions, z.ZodType>;

const actions = {
  DeleteMessage: flag,
  Quarantine: flag,
  RedirectMessageTo: lowerList,
  RejectMessageEnhancedStatusCode: word,
  RejectMessageReasonText: word,
  RemoveHeader: word,
  RouteMessageOutboundConnector: word,
  RouteMessageOutboundRequireTls: flag,
  SetHeaderName: word,
  SetHeaderValue: word,
  SetSCL: numberWord,
  StopRuleProcessing: flag,
};

const rule = z.object({
  Identity: name,
  Name: name,
  Guid: guid,
  State: z.enum(['Enabled', 'Disabled']),
  Mode: words,
  Priority: count,
  Comments: words,
  RuleErrorAction: word,
  SenderAddressLocation: word,
  RecipientAddressType: word,
  ActivationDate: moment,
  ExpiryDate: moment,
  ...conditions,
  ...exceptions,
  ...actions,
  // Of an object that is canonical already.
  Unfamiliar: list,
  UnfamiliarDigest: word,
});

// Conditions and actions that Exchange has and that are not described above. Parameters that only say how another one
// works (a location, a fallback) are left out: they are set also where nothing uses them.
const otherConditions = [
  'ADComparisonAttribute',
  'AnyOfCcHeader',
  'AnyOfCcHeaderMemberOf',
  'AnyOfRecipientAddressContainsWords',
  'AnyOfRecipientAddressMatchesPatterns',
  'AnyOfToCcHeader',
  'AnyOfToCcHeaderMemberOf',
  'AnyOfToHeader',
  'AnyOfToHeaderMemberOf',
  'AttachmentContainsWords',
  'AttachmentExtensionMatchesWords',
  'AttachmentHasExecutableContent',
  'AttachmentIsPasswordProtected',
  'AttachmentIsUnsupported',
  'AttachmentMatchesPatterns',
  'AttachmentNameMatchesPatterns',
  'AttachmentProcessingLimitExceeded',
  'AttachmentPropertyContainsWords',
  'AttachmentSizeOver',
  'BetweenMemberOf1',
  'BetweenMemberOf2',
  'ContentCharacterSetContainsWords',
  'HasClassification',
  'HasNoClassification',
  'HasSenderOverride',
  'ManagerAddresses',
  'MessageContainsDataClassifications',
  'RecipientADAttributeContainsWords',
  'RecipientADAttributeMatchesPatterns',
  'RecipientAddressContainsWords',
  'RecipientAddressMatchesPatterns',
  'RecipientInSenderList',
  'SenderADAttributeContainsWords',
  'SenderADAttributeMatchesPatterns',
  'SenderInRecipientList',
  'SenderManagementRelationship',
  'SubjectContainsWords',
  'SubjectMatchesPatterns',
  'SubjectOrBodyContainsWords',
  'SubjectOrBodyMatchesPatterns',
  'WithImportance',
];
const otherActions = [
  'AddManagerAsRecipientType',
  'AddToRecipients',
  'ApplyClassification',
  'ApplyHtmlDisclaimerText',
  'ApplyOME',
  'ApplyRightsProtectionCustomizationTemplate',
  'ApplyRightsProtectionTemplate',
  'BlindCopyTo',
  'CopyTo',
  'Disconnect',
  'GenerateIncidentReport',
  'GenerateNotification',
  'LogEventText',
  'ModerateMessageByManager',
  'ModerateMessageByUser',
  'NotifySender',
  'PrependSubject',
  'RemoveOME',
  'RemoveOMEv2',
  'RemoveRMSAttachmentEncryption',
  'SmtpRejectMessageRejectStatusCode',
  'SmtpRejectMessageRejectText',
];
const others = [...otherConditions, ...otherConditions.map((condition) => `ExceptIf${condition}`), ...otherActions];

const anything = z.record(z.string(), z.unknown());

export const transportRule = {
  parse: (raw: unknown): TransportRule => {
    const given = anything.parse(raw);
    const familiar = rule.parse(raw);
    const used = others.filter((other) => isUsed(given[other]));
    if (used.length === 0) return familiar;
    const values = asJson(Object.fromEntries(used.map((other) => [other, meaningOf(other, given[other])])));
    return { ...familiar, Unfamiliar: used.toSorted(), UnfamiliarDigest: digestOf(values) };
  },
};

function isUsed(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== undefined && value !== false && value !== '';
}

/** The same for every way in which Exchange says the same. */
function meaningOf(parameter: string, value: unknown): Json {
  const size = parameter.endsWith('SizeOver') ? byteSize.safeParse(value).data : null;
  return plain([size ?? value].flat());
}

function plain(value: unknown): Json {
  if (Array.isArray(value)) {
    return [...new Set(value.map((entry) => canonicalJson(plain(entry))))].toSorted();
  }
  if (typeof value === 'object' && value !== null) {
    // Beside a value, Exchange notes of which type it is.
    const values = Object.entries(value).filter(([name]) => !/@(?:odata|data)\.type$/u.test(name));
    return Object.fromEntries(values.map(([name, one]) => [name, plain(one)]));
  }
  if (typeof value === 'number' || typeof value === 'string') return String(value).trim();
  return typeof value === 'boolean' ? value : null;
}
