import fc from 'fast-check';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { Arrival, MailMessage } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { messageTypes } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import type { Setup } from '../../../src/rehearsal/mail-flow/setup.ts';
import { randomDomainSwitches, randomRemoteDomains } from './random-domains.ts';
import { randomFilters, randomTraits } from './random-filters.ts';
import { contoso, gatewayIp, message, scannerIp, stranger } from './small-cloud.ts';

const sources = [stranger, gatewayIp, scannerIp, '65.99.254.7', '203.0.113.40'];
const blocks = ['65.99.255.0/24', scannerIp, '198.51.100.0/25', '203.0.113.40', '65.99.254.7/32'];
const senderSpaces = ['*', '*', 'outside.example', '*.outside.example', 'smtp:*;1', 'contoso.com', 'partner.example'];
const addresses = [
  'someone@outside.example',
  'a@mail.outside.example',
  'boss@contoso.com',
  'b@partner.example',
  'kim@sales.contoso.com',
];
const recipients = [
  'info@contoso.com',
  'nobody@contoso.com',
  'kim@sales.contoso.com',
  'alex@contoso.onmicrosoft.com',
  'x@dept.sales.contoso.com',
  'nobody@sales.contoso.com',
  'a@outside.example',
  'c@partner.example',
];
/** As administrators write them, beside one that is no expression. */
export const addressPatterns = [
  '<>',
  String.raw`\<\>`,
  '^boss@',
  'example$',
  String.raw`\@outside\.example$`,
  String.raw`some\-?one`,
  '(?i)@OUTSIDE',
  String.raw`^[\w-\.]+\@[\w-]+\.com`,
  '(',
];
export const headerPatterns = ['^secret;', String.raw`\;in\;`, 'spam$', '(?i)SECRET', String.raw`^[\w-;]+$`, '['];
const names = ['Alpha', 'beta', 'Gamma', 'delta', 'Epsilon'];

const mostly = (on: boolean): fc.Arbitrary<boolean> =>
  fc.integer({ min: 0, max: 5 }).map((value) => (value === 0) !== on);
const some = <Value>(values: readonly Value[], max = 3): fc.Arbitrary<Value[]> =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(max, values.length) });

function guids(index: number): ExchangeObject {
  return { Guid: `00000000-0000-4000-8000-00000000000${index}` };
}

function named(objects: readonly ExchangeObject[]): ExchangeObject[] {
  return objects.map((object, index) => {
    const Name = names[index] ?? `Name ${index}`;
    return { ...object, Name, Identity: Name, ...guids(index) };
  });
}

const inbound: fc.Arbitrary<ExchangeObject> = fc
  .record({
    ConnectorType: fc.constantFrom('Partner', 'Partner', 'OnPremises'),
    Enabled: mostly(true),
    SenderDomains: some(senderSpaces),
    SenderIPAddresses: fc.oneof(fc.constant([]), some(blocks)),
    AssociatedAcceptedDomains: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      some(['contoso.com', 'sales.contoso.com']),
    ),
    RequireTls: mostly(true),
    byAddress: fc.boolean(),
    byCertificate: mostly(false),
    TlsSenderCertificateName: fc.constantFrom(
      null,
      null,
      'mail.contoso.com',
      '*.contoso.com',
      '*.gw.example',
      'mail.vendor.example',
    ),
    TreatMessagesAsInternal: fc.boolean(),
    CloudServicesMailEnabled: fc.boolean(),
  })
  .map(({ byAddress, byCertificate, ...connector }) => {
    const isOwn = connector.ConnectorType === 'OnPremises';
    return {
      ...connector,
      RestrictDomainsToIPAddresses: byAddress && connector.SenderIPAddresses.length > 0,
      RestrictDomainsToCertificate: byCertificate && connector.TlsSenderCertificateName !== null,
      CloudServicesMailEnabled: isOwn && connector.CloudServicesMailEnabled,
      TreatMessagesAsInternal: isOwn && connector.TreatMessagesAsInternal && !connector.CloudServicesMailEnabled,
    };
  });

const scope: fc.Arbitrary<ExchangeObject> = fc.oneof(
  fc.constant({ IsTransportRuleScoped: true, RecipientDomains: [], AllAcceptedDomains: false }),
  fc.constant({ IsTransportRuleScoped: false, RecipientDomains: [], AllAcceptedDomains: true }),
  some([
    '*',
    'outside.example',
    '*.outside.example',
    '*.example',
    'sales.contoso.com',
    'contoso.com',
    '*.contoso.com',
    '*.sales.contoso.com',
  ]).map((RecipientDomains) => ({
    IsTransportRuleScoped: false,
    RecipientDomains,
    AllAcceptedDomains: false,
  })),
);

const outbound: fc.Arbitrary<ExchangeObject> = fc
  .record({
    scope,
    Enabled: mostly(true),
    TestMode: mostly(false),
    UseMXRecord: fc.boolean(),
    host: fc.constantFrom(
      'mx.elsewhere.example',
      'out.gateway.example',
      'mail.own.example',
      'a-in.eu.inline.example',
      'nowhere.test',
    ),
  })
  .map(({ scope: chosen, host, ...connector }) => ({
    ConnectorType: 'Partner',
    ...connector,
    ...chosen,
    SmartHosts: connector.UseMXRecord ? [] : [host],
  }));

const condition: fc.Arbitrary<ExchangeObject> = fc.oneof(
  fc.constantFrom('InOrganization', 'NotInOrganization').map((FromScope) => ({ FromScope })),
  fc.constantFrom('InOrganization', 'NotInOrganization', 'ExternalPartner').map((SentToScope) => ({ SentToScope })),
  some(['contoso.com', 'outside.example', 'partner.example']).map((RecipientDomainIs) => ({ RecipientDomainIs })),
  some(['contoso.com', 'outside.example', 'example']).map((SenderDomainIs) => ({ SenderDomainIs })),
  some([...blocks, '65.0.0.0/8', '198.51.100.1-198.51.100.99']).map((SenderIpRanges) => ({ SenderIpRanges })),
  some(addresses).map((From) => ({ From })),
  some(recipients).map((SentTo) => ({ SentTo })),
  some(addressPatterns).map((FromAddressMatchesPatterns) => ({ FromAddressMatchesPatterns })),
  some(['boss', 'outside', 'side']).map((FromAddressContainsWords) => ({ FromAddressContainsWords })),
  some(['secret', 'cle', 'in;clean']).map((HeaderContainsWords) => ({
    HeaderContainsMessageHeader: 'X-Verdict',
    HeaderContainsWords,
  })),
  some(headerPatterns).map((HeaderMatchesPatterns) => ({
    HeaderMatchesMessageHeader: 'x-verdict',
    HeaderMatchesPatterns,
  })),
  fc.constantFrom('OOF', 'Calendaring', 'Voicemail').map((MessageTypeMatches) => ({ MessageTypeMatches })),
  fc.constantFrom('1 MB (1,048,576 bytes)', '10KB', '4096').map((MessageSizeOver) => ({ MessageSizeOver })),
  fc.constantFrom('-1', '1', '5').map((SCLOver) => ({ SCLOver })),
  // What the product's model does not judge.
  fc.constantFrom<ExchangeObject>(
    { SubjectContainsWords: ['hello'] },
    { SentToMemberOf: ['staff@contoso.com'] },
    { WithImportance: 'High' },
  ),
);

const action: fc.Arbitrary<ExchangeObject> = fc.oneof(
  fc.constantFrom(...names).map((RouteMessageOutboundConnector) => ({ RouteMessageOutboundConnector })),
  fc
    .constantFrom(...names)
    .map((RouteMessageOutboundConnector) => ({ RouteMessageOutboundConnector, RuleErrorAction: 'Defer' })),
  fc.constantFrom('-1', '0', '6', '9').map((SetSCL) => ({ SetSCL })),
  fc
    .constantFrom('secret;in;clean', 'other;spam')
    .map((SetHeaderValue) => ({ SetHeaderName: 'X-Verdict', SetHeaderValue })),
  fc.constantFrom<ExchangeObject>(
    { DeleteMessage: true },
    { Quarantine: true },
    { RejectMessageReasonText: 'No.' },
    { RejectMessageEnhancedStatusCode: '5.7.900' },
    { RemoveHeader: 'X-VERDICT' },
    { StopRuleProcessing: true },
    { BlindCopyTo: ['archive@outside.example'] },
    { ModerateMessageByUser: ['kim@sales.contoso.com'] },
  ),
  some(recipients, 2).map((RedirectMessageTo) => ({ RedirectMessageTo })),
);

function asException(one: ExchangeObject): ExchangeObject {
  return Object.fromEntries(Object.entries(one).map(([name, value]) => [`ExceptIf${name}`, value]));
}

function together(parts: readonly ExchangeObject[]): ExchangeObject {
  return Object.assign({}, ...parts);
}

const rule: fc.Arbitrary<ExchangeObject> = fc
  .record({
    conditions: fc.array(condition, { maxLength: 2 }),
    exceptions: fc.array(condition.map(asException), { maxLength: 1 }),
    actions: fc.array(action, { minLength: 1, maxLength: 2 }),
    rest: fc.record({
      State: mostly(true).map((on) => (on ? 'Enabled' : 'Disabled')),
      Mode: mostly(true).map((on) => (on ? 'Enforce' : 'Audit')),
      SenderAddressLocation: fc.constantFrom('Header', 'Envelope', 'HeaderOrEnvelope'),
      RecipientAddressType: fc.constantFrom('Resolved', 'Resolved', 'Original'),
      ActivationDate: fc.constantFrom(null, null, null, '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'),
      ExpiryDate: fc.constantFrom(null, null, null, '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'),
    }),
  })
  .map(({ conditions, exceptions, actions, rest }) => together([...conditions, ...exceptions, ...actions, rest]));

const domainType = fc.constantFrom('Authoritative', 'InternalRelay', 'InternalRelay', 'ExternalRelay');

/** An organisation as nobody would set it up, with what Exchange accepts. */
export const randomSetup: fc.Arbitrary<Setup> = fc
  .record({
    types: fc.tuple(domainType, domainType),
    sub: fc.boolean(),
    inboundConnectors: fc.array(inbound, { maxLength: 4 }),
    outboundConnectors: fc.array(outbound, { maxLength: 5 }),
    transportRules: fc.array(rule, { maxLength: 5 }),
    RejectDirectSend: fc.boolean(),
    switches: fc.tuple(randomDomainSwitches, randomDomainSwitches, randomDomainSwitches),
    remoteDomains: randomRemoteDomains,
    filters: randomFilters,
  })
  .map(({ types, sub, switches, remoteDomains, filters, RejectDirectSend, ...furniture }) =>
    contoso({
      ...filters,
      remoteDomains: named(remoteDomains),
      acceptedDomains: [
        {
          DomainName: 'contoso.com',
          DomainType: types[0],
          Default: true,
          InitialDomain: false,
          MatchSubDomains: false,
        },
        {
          DomainName: 'sales.contoso.com',
          DomainType: types[1],
          Default: false,
          InitialDomain: false,
          MatchSubDomains: sub,
        },
        {
          DomainName: 'contoso.onmicrosoft.com',
          DomainType: 'Authoritative',
          Default: false,
          InitialDomain: true,
          MatchSubDomains: false,
        },
      ].map((domain, index) => ({
        ...domain,
        ...switches[index],
        Identity: domain.DomainName,
        Name: domain.DomainName,
        ...guids(index),
      })),
      inboundConnectors: named(furniture.inboundConnectors),
      outboundConnectors: named(furniture.outboundConnectors),
      transportRules: named(furniture.transportRules).map((one, Priority) => ({ ...one, Priority })),
      organizationConfig: [{ RejectDirectSend }],
    }),
  );

/** A message from somewhere to somebody. */
export const randomMessage: fc.Arbitrary<MailMessage> = fc
  .record({
    from: fc.constantFrom(...addresses, ''),
    headerFrom: fc.constantFrom(...addresses),
    to: fc.constantFrom(...recipients),
    type: fc.constantFrom(null, null, null, 'AutoForward' as const, ...messageTypes),
    size: fc.constantFrom(4095, 4096, 1_048_576),
    content: fc.constantFrom('clean' as const, 'clean' as const, 'spam' as const, 'likely-phish' as const),
    traits: randomTraits,
    headers: fc.constantFrom(
      [],
      [{ name: 'X-Verdict', value: 'secret;in;clean' }],
      [{ name: 'x-verdict', value: 'other;in;spam' }],
      [{ name: 'X-MS-Exchange-CrossPremises-AuthAs', value: 'Internal' }],
      [{ name: 'X-MS-Exchange-CrossPremises-AuthAs', value: 'Anonymous' }],
      [{ name: 'X-Inline-Route', value: 'c0000000-0000-4000-8000-000000000001;in' }],
    ),
  })
  .map((facts) => message(facts));

export const randomKnock: fc.Arbitrary<Extract<Arrival, { by: 'smtp' }>> = fc.record({
  by: fc.constant('smtp' as const),
  source: fc.constantFrom(...sources),
  tls: mostly(true),
  certificate: fc.constantFrom(
    [],
    [],
    ['mail.contoso.com'],
    ['mx1.gw.example'],
    ['mail.vendor.example'],
    ['*.contoso.com'],
  ),
});
