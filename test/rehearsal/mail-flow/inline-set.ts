import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { Setup } from '../../../src/rehearsal/mail-flow/setup.ts';
import { contoso, contosoId, routed, rule, scannerIp, scannerName, secret } from './small-cloud.ts';

const tls = { TlsSettings: 'DomainValidation', TlsDomain: '*.eu.inline.example' };

/** Three connectors and four rules: MX at Office 365, mail goes out to a scanner and comes back. */
export function inlineSetup(change: (rules: ExchangeObject[]) => ExchangeObject[] = (rules) => rules): Setup {
  const inside = contoso();
  const host = (way: string): string => `${contosoId}-${way}.eu.inline.example`;
  return contoso({
    acceptedDomains: [...inside.acceptedDomains, { DomainName: scannerName, DomainType: 'Authoritative' }],
    inboundConnectors: [
      {
        Name: 'Return',
        ConnectorType: 'OnPremises',
        Enabled: true,
        SenderDomains: ['smtp:*;1'],
        RequireTls: true,
        TlsSenderCertificateName: scannerName,
        SenderIPAddresses: [],
        TreatMessagesAsInternal: false,
      },
    ],
    outboundConnectors: [
      routed('Incoming to scanner', host('in'), tls),
      routed('Outgoing to scanner', host('out'), { ...tls, ConnectorType: 'OnPremises' }),
    ],
    transportRules: change(inlineRules()),
  });
}

function verdict(pattern: string): ExchangeObject {
  return { HeaderMatchesMessageHeader: 'X-Inline-Verdict', HeaderMatchesPatterns: [`^${secret}${pattern}`] };
}

const notReturned: ExchangeObject = {
  ExceptIfSenderIpRanges: [scannerIp],
  ExceptIfHeaderMatchesMessageHeader: 'X-Inline-Verdict',
  ExceptIfHeaderMatchesPatterns: [`^${secret};`],
};

function inlineRules(): ExchangeObject[] {
  return [
    rule(0, { Name: 'Trust', SenderIpRanges: [scannerIp], ...verdict(';in;clean$'), SetSCL: '-1' }),
    rule(1, { Name: 'Junk', SenderIpRanges: [scannerIp], ...verdict(';in;spam$'), SetSCL: '6' }),
    rule(2, {
      Name: 'Route incoming',
      FromScope: 'NotInOrganization',
      SentToScope: 'InOrganization',
      RecipientDomainIs: ['contoso.com'],
      ...notReturned,
      ExceptIfHeaderContainsMessageHeader: 'X-MS-Exchange-MeetingForward-Message',
      ExceptIfHeaderContainsWords: ['Forward'],
      ExceptIfMessageTypeMatches: 'Voicemail',
      RouteMessageOutboundConnector: 'Incoming to scanner',
      SetHeaderName: 'X-Inline-Route',
      SetHeaderValue: `${contosoId};in`,
      StopRuleProcessing: true,
      SenderAddressLocation: 'HeaderOrEnvelope',
    }),
    rule(3, {
      Name: 'Route outgoing',
      FromScope: 'InOrganization',
      SentToScope: 'NotInOrganization',
      SenderDomainIs: ['contoso.com'],
      ...notReturned,
      ExceptIfMessageTypeMatches: 'OOF',
      ExceptIfFromAddressMatchesPatterns: ['<>'],
      RouteMessageOutboundConnector: 'Outgoing to scanner',
      SetHeaderName: 'X-Inline-Route',
      SetHeaderValue: `${contosoId};out`,
      StopRuleProcessing: true,
      SenderAddressLocation: 'HeaderOrEnvelope',
    }),
  ];
}
