import {
  apart,
  type CallRule,
  identity,
  named,
  needs,
  type Parameters,
  read,
  removal,
  saysSomething,
  write,
} from './cmdlet-entry.ts';
import {
  addressRange,
  bytes,
  choice,
  domainName,
  flag,
  header,
  integer,
  mailAddress,
  type ParameterKind,
  rejectCode,
  remark,
  text,
  texts,
  wholeList,
  word,
} from './parameter-kind.ts';

const role = 'Transport Rules';
const MOST_RULES = 300;
/** Bytes that all conditions and actions of one rule may take. */
const LARGEST_RULE = 8192;

const mode = choice('Audit', 'AuditAndNotify', 'Enforce');
/** Read back as text, so written as text. */
const spamLevel = choice('-1', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

const conditions: Parameters = {
  From: texts(mailAddress),
  FromAddressContainsWords: texts(word),
  FromAddressMatchesPatterns: texts(word),
  FromMemberOf: texts(mailAddress),
  FromScope: choice('InOrganization', 'NotInOrganization'),
  HeaderContainsMessageHeader: text(header),
  HeaderContainsWords: texts(word),
  HeaderMatchesMessageHeader: text(header),
  HeaderMatchesPatterns: texts(word),
  MessageSizeOver: text(bytes),
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
  RecipientDomainIs: texts(domainName),
  SCLOver: spamLevel,
  SenderDomainIs: texts(domainName),
  SenderIpRanges: texts(addressRange),
  SentTo: texts(mailAddress),
  SentToMemberOf: texts(mailAddress),
  SentToScope: choice('InOrganization', 'NotInOrganization', 'ExternalPartner', 'ExternalNonPartner'),
};

const actions: Parameters = {
  DeleteMessage: flag,
  Quarantine: flag,
  RejectMessageEnhancedStatusCode: text(rejectCode),
  RejectMessageReasonText: text(),
  RemoveHeader: text(header),
  RouteMessageOutboundConnector: text(),
  RouteMessageOutboundRequireTls: flag,
  SetHeaderName: text(header),
  SetHeaderValue: text(),
  SetSCL: spamLevel,
  StopRuleProcessing: flag,
};

const settings: Parameters = {
  ...named,
  ...conditions,
  ...twins(conditions),
  ...actions,
  Comments: text(remark),
  Mode: mode,
  Priority: integer(0, MOST_RULES - 1),
  RecipientAddressType: choice('Original', 'Resolved'),
  RuleErrorAction: choice('Ignore', 'Defer'),
  RuleSubType: choice('None'),
  SenderAddressLocation: choice('Header', 'Envelope', 'HeaderOrEnvelope'),
};

const pairs: readonly CallRule[] = [
  ['HeaderContainsMessageHeader', 'HeaderContainsWords'],
  ['HeaderMatchesMessageHeader', 'HeaderMatchesPatterns'],
  ['ExceptIfHeaderContainsMessageHeader', 'ExceptIfHeaderContainsWords'],
  ['ExceptIfHeaderMatchesMessageHeader', 'ExceptIfHeaderMatchesPatterns'],
  ['SetHeaderName', 'SetHeaderValue'],
].flatMap(([one = '', other = '']) => [
  needs(one, other, 'a header and what is in it belong together'),
  needs(other, one, 'a header and what is in it belong together'),
]);

const contradictions: readonly CallRule[] = [
  ...pairs,
  apart('DeleteMessage', 'RouteMessageOutboundConnector', 'exclude each other: what is deleted goes nowhere'),
  apart('Quarantine', 'RouteMessageOutboundConnector', 'exclude each other: what is held back goes nowhere'),
  ({ RejectMessageEnhancedStatusCode: code, RejectMessageReasonText: text }) =>
    typeof code === 'string' && !['', '5.7.1'].includes(code) && saysSomething(text)
      ? `-RejectMessageEnhancedStatusCode ${code} and -RejectMessageReasonText exclude each other: with a text the code becomes 5.7.1. Send that code, or no text`
      : null,
  (parameters) => {
    const size = Buffer.byteLength(JSON.stringify(parameters));
    return size > LARGEST_RULE ? `A rule may take ${LARGEST_RULE} bytes and this one takes about ${size}` : null;
  },
];

const hasAction: CallRule = (parameters) =>
  Object.keys(actions).some((name) => saysSomething(parameters[name])) ? null : 'A rule needs at least one action';

// The state of an existing rule is changed by Enable- and Disable- only: through Set- it can lose its actions.
export const transportRule = {
  'Get-TransportRule': read({ ...identity, ResultSize: wholeList }),
  'New-TransportRule': write(role, ['Name'], { ...settings, Enabled: flag }, [...contradictions, hasAction]),
  'Set-TransportRule': write(role, ['Identity'], { ...identity, ...settings }, contradictions),
  'Enable-TransportRule': write(role, ['Identity'], { ...identity, Mode: mode }),
  'Disable-TransportRule': write(role, ['Identity'], identity),
  'Remove-TransportRule': removal(role, ['Identity'], identity),
};

/** Every condition exists as an exception too. */
function twins(table: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(table).map(([name, kind]): [string, ParameterKind] => [`ExceptIf${name}`, kind]),
  );
}
