import { describe, expect, expectTypeOf, it } from 'vitest';
import { routeMessage } from '../../../src/mail/routing/route-message.ts';
import type {
  Route,
  RoutingInbound,
  RoutingMessage,
  RoutingOutbound,
  RoutingRule,
  RoutingTenant,
} from '../../../src/mail/routing/types.ts';
import type { AcceptedDomain, InboundConnector, OutboundConnector } from '../../../src/ports/exchange-online.ts';
import type { TransportRule } from '../../../src/ports/transport-rule.ts';
import { ordinaryDomain } from './ordinary-domain.ts';

const gateway = '65.99.255.10';
const stranger = '198.51.100.25';

const lock: RoutingInbound = {
  Name: 'Lock',
  Enabled: true,
  ConnectorType: 'Partner',
  SenderDomains: ['*'],
  SenderIPAddresses: ['65.99.255.0/24'],
  AssociatedAcceptedDomains: [],
  RequireTls: true,
  RestrictDomainsToIPAddresses: true,
  RestrictDomainsToCertificate: false,
  TlsSenderCertificateName: null,
  CloudServicesMailEnabled: false,
  TreatMessagesAsInternal: false,
};

const out: RoutingOutbound = {
  Name: 'Out',
  Enabled: true,
  RecipientDomains: ['*'],
  SmartHosts: ['out.gateway.example'],
  UseMXRecord: false,
  IsTransportRuleScoped: false,
  AllAcceptedDomains: false,
  TestMode: false,
};

const noConditions = {
  From: [],
  FromAddressContainsWords: [],
  FromAddressMatchesPatterns: [],
  FromMemberOf: [],
  FromScope: null,
  HeaderContainsMessageHeader: null,
  HeaderContainsWords: [],
  HeaderMatchesMessageHeader: null,
  HeaderMatchesPatterns: [],
  MessageSizeOver: null,
  MessageTypeMatches: null,
  RecipientDomainIs: [],
  SCLOver: null,
  SenderDomainIs: [],
  SenderIpRanges: [],
  SentTo: [],
  SentToMemberOf: [],
  SentToScope: null,
};

const noExceptions = {
  ExceptIfFrom: [],
  ExceptIfFromAddressContainsWords: [],
  ExceptIfFromAddressMatchesPatterns: [],
  ExceptIfFromMemberOf: [],
  ExceptIfFromScope: null,
  ExceptIfHeaderContainsMessageHeader: null,
  ExceptIfHeaderContainsWords: [],
  ExceptIfHeaderMatchesMessageHeader: null,
  ExceptIfHeaderMatchesPatterns: [],
  ExceptIfMessageSizeOver: null,
  ExceptIfMessageTypeMatches: null,
  ExceptIfRecipientDomainIs: [],
  ExceptIfSCLOver: null,
  ExceptIfSenderDomainIs: [],
  ExceptIfSenderIpRanges: [],
  ExceptIfSentTo: [],
  ExceptIfSentToMemberOf: [],
  ExceptIfSentToScope: null,
};

function rule(Priority: number, facts: Partial<RoutingRule>): RoutingRule {
  return {
    ...noConditions,
    ...noExceptions,
    Name: `Rule ${Priority}`,
    State: 'Enabled',
    Mode: 'Enforce',
    Priority,
    RuleErrorAction: null,
    SenderAddressLocation: null,
    RecipientAddressType: null,
    ActivationDate: null,
    ExpiryDate: null,
    DeleteMessage: false,
    Quarantine: false,
    RedirectMessageTo: [],
    RejectMessageEnhancedStatusCode: null,
    RejectMessageReasonText: null,
    RemoveHeader: null,
    RouteMessageOutboundConnector: null,
    SetHeaderName: null,
    SetHeaderValue: null,
    SetSCL: null,
    StopRuleProcessing: false,
    Unfamiliar: [],
    ...facts,
  };
}

function tenant(facts: Partial<RoutingTenant> = {}): RoutingTenant {
  return {
    acceptedDomains: [
      ordinaryDomain,
      { ...ordinaryDomain, DomainName: 'contoso.onmicrosoft.com', Default: false, InitialDomain: true },
    ],
    inboundConnectors: [],
    outboundConnectors: [],
    transportRules: [],
    remoteDomains: [],
    rejectDirectSend: false,
    ...facts,
  };
}

function route(facts: Partial<RoutingTenant>, about: Partial<RoutingMessage> & { address?: string } = {}): Route {
  const { address = stranger, ...rest } = about;
  const from = rest.from ?? 'someone@outside.example';
  return routeMessage(tenant(facts), {
    origin: { by: 'server', address, tls: true, certificate: [] },
    from,
    headerFrom: from,
    to: 'info@contoso.com',
    headers: [],
    type: null,
    size: 4096,
    scl: null,
    recipientExists: null,
    divertedBy: [],
    at: Date.parse('2026-11-21T12:00:00Z'),
    ...rest,
  });
}

const user = { origin: { by: 'user' }, from: 'alex@contoso.com', to: 'a@outside.example' } as const;

describe('mail/routing/route-message', () => {
  it('takes what the Exchange port reads', () => {
    expectTypeOf<InboundConnector>().toExtend<RoutingInbound>();
    expectTypeOf<OutboundConnector>().toExtend<RoutingOutbound>();
    expectTypeOf<TransportRule>().toExtend<RoutingRule>();
    expectTypeOf<AcceptedDomain>().toExtend<RoutingTenant['acceptedDomains'][number]>();
  });

  it('says by which connector the gateway comes in and the stranger does not', () => {
    expect(route({ inboundConnectors: [lock] }, { address: gateway })).toMatchObject({
      connectorIn: 'Lock',
      verdict: { kind: 'delivered' },
      doubts: [],
      why: [
        'It comes by the connector "Lock": what it lists names the server.',
        'It is for info@contoso.com here; spam filtering decides about the folder.',
      ],
    });
    expect(route({ inboundConnectors: [lock] })).toMatchObject({
      connectorIn: 'Lock',
      verdict: { kind: 'refused', code: '5.7.51' },
      doubts: [],
    });
  });

  it('knows that a lock of type OnPremises locks nothing', () => {
    const facts = { inboundConnectors: [{ ...lock, ConnectorType: 'OnPremises' } as const] };
    expect(route(facts)).toMatchObject({ connectorIn: null, verdict: { kind: 'delivered' } });
    expect(route(facts, { address: gateway })).toMatchObject({ connectorIn: 'Lock' });
  });

  it.each([
    ['relays for nobody it does not know', {}, { to: 'a@outside.example' }, '5.7.64'],
    ['rejects direct send', { rejectDirectSend: true }, { from: 'boss@contoso.com' }, '5.7.68'],
    ['refuses who is known to be missing', {}, { recipientExists: false }, '5.4.1'],
  ])('%s', (_, facts, about, code) => {
    expect(route(facts, about)).toMatchObject({ verdict: { kind: 'refused', code } });
  });

  it('wants TLS of a partner', () => {
    const origin = { by: 'server', address: gateway, tls: false, certificate: [] } as const;
    expect(route({ inboundConnectors: [lock] }, { origin })).toMatchObject({
      verdict: { kind: 'deferred', code: '5.7.3' },
    });
  });

  it('follows a rule to its connector and stops there', () => {
    const facts = {
      outboundConnectors: [{ ...out, IsTransportRuleScoped: true, RecipientDomains: [] }],
      transportRules: [
        rule(0, { FromScope: 'InOrganization', RouteMessageOutboundConnector: 'out', StopRuleProcessing: true }),
        rule(1, { DeleteMessage: true }),
      ],
    };
    expect(route(facts, user)).toMatchObject({
      rules: [{ name: 'Rule 0', acts: true }],
      connectorOut: 'Out',
      verdict: { kind: 'sent', hosts: ['out.gateway.example'] },
    });
    expect(route(facts, { ...user, divertedBy: ['Rule 0'] })).toMatchObject({
      verdict: { kind: 'looped', code: '5.7.128' },
    });
  });

  it('leaves by the connector for everything, or by MX', () => {
    expect(route({ outboundConnectors: [out] }, user)).toMatchObject({
      connectorOut: 'Out',
      verdict: { kind: 'sent' },
    });
    expect(route({}, user)).toMatchObject({ connectorOut: null, verdict: { kind: 'sent', hosts: [] } });
  });

  it('doubts where two rules route the same message', () => {
    const facts = {
      outboundConnectors: [
        { ...out, Name: 'One', IsTransportRuleScoped: true },
        { ...out, Name: 'Two', IsTransportRuleScoped: true },
      ],
      transportRules: [
        rule(0, { RouteMessageOutboundConnector: 'One' }),
        rule(1, { RouteMessageOutboundConnector: 'Two' }),
      ],
    };
    const { connectorOut, doubts } = route(facts, user);
    expect(connectorOut).toBe('Two');
    expect(doubts).toEqual(['It is not documented which connector is taken when two rules route the same message.']);
  });

  it("doubts where Microsoft's list and example contradict each other", () => {
    const relay = {
      ...ordinaryDomain,
      DomainName: 'sales.contoso.com',
      DomainType: 'InternalRelay',
      Default: false,
    } as const;
    const facts = {
      acceptedDomains: [relay],
      outboundConnectors: [
        { ...out, Name: 'All', RecipientDomains: [], AllAcceptedDomains: true },
        { ...out, Name: 'Wildcard', RecipientDomains: ['*.contoso.com'] },
      ],
    };
    const about = { ...user, to: 'john@sales.contoso.com', recipientExists: false };
    expect(route(facts, about)).toMatchObject({
      connectorOut: 'All',
      doubts: [expect.stringContaining('its own example')],
    });
  });

  it.each<[string, Partial<RoutingRule>]>([
    ['tests what is not known here', { Unfamiliar: ['SubjectContainsWords'] }],
    ['asks for members of a group', { SentToMemberOf: ['staff@contoso.com'] }],
    ['asks for a level that nobody knows', { SCLOver: '5' }],
    ['has a pattern that cannot be read', { FromAddressMatchesPatterns: ['('] }],
  ])('doubts a rule that %s', (_, facts) => {
    const { rules, doubts } = route({ transportRules: [rule(0, { ...facts, DeleteMessage: true })] });
    expect(rules).toEqual([]);
    expect(doubts).toEqual([expect.stringContaining('"Rule 0"')]);
  });

  it('answers at once when a sender was made for the pattern of a rule', () => {
    const facts = { FromAddressMatchesPatterns: [String.raw`^(\w+\.?)+@partner\.com$`], DeleteMessage: true };
    const { rules, doubts } = route({ transportRules: [rule(0, facts)] }, { from: `${'a'.repeat(30)}!@evil.example` });
    expect([rules, doubts]).toEqual([[], []]);
  });

  it('doubts no rule whose other conditions do not hold', () => {
    const facts = { Unfamiliar: ['SubjectContainsWords'], FromScope: 'InOrganization', DeleteMessage: true };
    expect(route({ transportRules: [rule(0, facts)] }).doubts).toEqual([]);
  });

  it('doubts whether a shared domain has the recipient', () => {
    const acceptedDomains = [{ ...ordinaryDomain, DomainType: 'InternalRelay' } as const];
    expect(route({ acceptedDomains }).doubts).toHaveLength(1);
    expect(route({ acceptedDomains }, { recipientExists: true }).doubts).toEqual([]);
  });

  it('shows a rule that only watches', () => {
    const { rules, verdict } = route({ transportRules: [rule(0, { Mode: 'Audit', DeleteMessage: true })] });
    expect(rules).toEqual([{ name: 'Rule 0', acts: false }]);
    expect(verdict).toEqual({ kind: 'delivered' });
  });

  it('makes a copy for everyone a rule redirects to', () => {
    const facts = { transportRules: [rule(0, { RedirectMessageTo: ['a@outside.example', 'b@outside.example'] })] };
    expect(route(facts).copies.map(({ recipient }) => recipient)).toEqual(['a@outside.example', 'b@outside.example']);
  });
});
