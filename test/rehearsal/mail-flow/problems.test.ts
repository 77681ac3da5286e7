import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { MailMessage } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import type { Setup } from '../../../src/rehearsal/mail-flow/setup.ts';
import {
  cloud,
  contoso,
  ends,
  gatewayIp,
  type Internet,
  knock,
  lock,
  routed,
  rule,
  send,
  stranger,
} from './small-cloud.ts';

interface Problem {
  readonly id: string;
  readonly fact: string;
  readonly setup: Partial<Setup>;
  readonly facts?: Partial<MailMessage>;
  readonly source?: string;
  readonly user?: boolean;
  readonly net?: Internet;
  readonly end: string;
}

const lockByRule = (action: ExchangeObject): ExchangeObject =>
  rule(0, { FromScope: 'NotInOrganization', ExceptIfSenderIpRanges: ['65.99.255.0/24'], ...action });
const exempt = {
  ExceptIfHeaderContainsMessageHeader: 'X-MS-Exchange-MeetingForward-Message',
  ExceptIfHeaderContainsWords: ['Forward'],
};
const invitation: Partial<MailMessage> = {
  from: 'host@partner.example',
  to: 'info@contoso.com',
  type: 'Calendaring',
  headers: [{ name: 'X-MS-Exchange-MeetingForward-Message', value: 'Forward' }],
};
const microsoft = '40.107.22.9';
const outAll = routed('Out', 'out.gateway.example', { IsTransportRuleScoped: false, RecipientDomains: ['*'] });

/** What goes wrong in practice, and that the rehearsal lets it go wrong in the same way. */
const problems: readonly Problem[] = [
  { id: 'L1', fact: 'a gateway without a lock is passed by', setup: {}, end: 'inbox' },
  {
    id: 'L2',
    fact: 'a lock of type OnPremises is an illusion',
    setup: { inboundConnectors: [{ ...lock, ConnectorType: 'OnPremises' }] },
    end: 'inbox',
  },
  {
    id: 'L3',
    fact: 'a lock for named senders locks nobody else',
    setup: { inboundConnectors: [{ ...lock, SenderDomains: ['partner.example'] }] },
    end: 'inbox',
  },
  {
    id: 'L4',
    fact: 'a lock before the MX has moved refuses the internet',
    setup: { inboundConnectors: [lock] },
    end: 'refused 550 5.7.51',
  },
  {
    id: 'L5',
    fact: 'a lock that is off locks nothing',
    setup: { inboundConnectors: [{ ...lock, Enabled: false }] },
    end: 'inbox',
  },
  {
    id: 'L6',
    fact: 'a gateway that moved is refused',
    setup: { inboundConnectors: [lock] },
    source: '65.99.254.10',
    end: 'refused 550 5.7.51',
  },
  {
    id: 'L7',
    fact: 'a lock by rule refuses forwarded invitations',
    setup: { transportRules: [lockByRule({ RejectMessageReasonText: 'Use the gateway.' })] },
    facts: invitation,
    user: true,
    end: 'refused 550 5.7.1',
  },
  {
    id: 'L7',
    fact: 'a lock by rule that deletes loses them silently',
    setup: { transportRules: [lockByRule({ DeleteMessage: true })] },
    facts: invitation,
    user: true,
    end: 'deleted',
  },
  {
    id: 'L7',
    fact: 'a lock by rule with the exemption does not',
    setup: { transportRules: [lockByRule({ DeleteMessage: true, ...exempt })] },
    facts: invitation,
    user: true,
    end: 'inbox',
  },
  {
    id: 'L7',
    fact: 'a lock by rule deletes voicemail',
    setup: { transportRules: [lockByRule({ DeleteMessage: true, ...exempt })] },
    facts: { ...invitation, type: 'Voicemail', headers: [] },
    user: true,
    end: 'deleted',
  },
  {
    id: 'L8',
    fact: "a lock refuses Microsoft's own notifications",
    setup: { inboundConnectors: [lock] },
    source: microsoft,
    facts: { from: 'no-reply@microsoft.example' },
    end: 'refused 550 5.7.51',
  },
  {
    id: 'L8',
    fact: 'a sender domain alone does not help them',
    setup: {
      inboundConnectors: [
        lock,
        {
          ...lock,
          Name: 'M',
          SenderDomains: ['microsoft.example'],
          RestrictDomainsToIPAddresses: false,
          SenderIPAddresses: [],
        },
      ],
    },
    source: microsoft,
    facts: { from: 'no-reply@microsoft.example' },
    end: 'refused 550 5.7.51',
  },
  {
    id: 'L8',
    fact: 'their own addresses do',
    setup: {
      inboundConnectors: [
        lock,
        { ...lock, Name: 'M', SenderDomains: ['microsoft.example'], SenderIPAddresses: [microsoft] },
      ],
    },
    source: microsoft,
    facts: { from: 'no-reply@microsoft.example' },
    end: 'inbox',
  },
  {
    id: 'L9',
    fact: 'a lock refuses printers',
    setup: { inboundConnectors: [lock] },
    source: stranger,
    facts: { from: 'printer@contoso.com' },
    end: 'refused 550 5.7.51',
  },
  {
    id: 'L10',
    fact: 'the initial domain is a side door when the lock is narrowed',
    setup: { inboundConnectors: [{ ...lock, AssociatedAcceptedDomains: ['contoso.com'] }] },
    facts: { to: 'alex@contoso.onmicrosoft.com' },
    end: 'inbox',
  },
  {
    id: 'L11',
    fact: 'direct send goes past everything but the switch',
    setup: {},
    facts: { from: 'boss@contoso.com' },
    end: 'inbox',
  },
  {
    id: 'K1',
    fact: 'a renamed connector no longer carries the rule',
    setup: {
      transportRules: [rule(0, { RouteMessageOutboundConnector: 'Old name' })],
      outboundConnectors: [routed('New name', 'x.elsewhere.example')],
    },
    end: 'inbox',
  },
  {
    id: 'K4',
    fact: 'a shared address of an OnPremises connector may relay as the organisation',
    setup: { inboundConnectors: [{ ...lock, ConnectorType: 'OnPremises' }] },
    source: gatewayIp,
    facts: { from: 'boss@contoso.com', to: 'a@elsewhere.example' },
    end: 'outside',
  },
  {
    id: 'K6',
    fact: 'a filter that counts as internal brings spam in',
    setup: { inboundConnectors: [{ ...lock, ConnectorType: 'OnPremises', TreatMessagesAsInternal: true }] },
    source: gatewayIp,
    facts: { content: 'spam' },
    end: 'inbox',
  },
  {
    id: 'K7',
    fact: 'a connector for everything takes what no rule routes',
    setup: { outboundConnectors: [outAll] },
    user: true,
    facts: { to: 'a@elsewhere.example' },
    end: 'outside',
  },
  {
    id: 'K11',
    fact: 'a smart host with the wrong name makes mail wait',
    setup: { outboundConnectors: [{ ...outAll, TlsSettings: 'DomainValidation', TlsDomain: 'mx.right.example' }] },
    user: true,
    end: 'deferred 450 4.4.317',
  },
  {
    id: 'E6',
    fact: 'an SCL rule for a domain lets anybody spoof it',
    setup: { transportRules: [rule(0, { SenderDomainIs: ['contoso.com'], SetSCL: '-1' })] },
    facts: { from: 'boss@contoso.com', content: 'spam' },
    end: 'inbox',
  },
  {
    id: 'R1',
    fact: 'a rule that is off does nothing',
    setup: { transportRules: [rule(0, { DeleteMessage: true, State: 'Disabled' })] },
    end: 'inbox',
  },
  {
    id: 'R2',
    fact: 'a rule in audit mode does nothing',
    setup: { transportRules: [rule(0, { DeleteMessage: true, Mode: 'AuditAndNotify' })] },
    end: 'inbox',
  },
  {
    id: 'R3',
    fact: 'a foreign rule ahead swallows mail',
    setup: { transportRules: [rule(0, { StopRuleProcessing: true, SetSCL: '-1' }), rule(1, { DeleteMessage: true })] },
    end: 'inbox',
  },
  {
    id: 'R5',
    fact: 'a rule whose connector is no longer for rules routes nothing',
    setup: {
      transportRules: [rule(0, { RouteMessageOutboundConnector: 'Out' })],
      outboundConnectors: [{ ...outAll, RecipientDomains: ['x.example'] }],
    },
    end: 'inbox',
  },
  {
    id: 'R11',
    fact: 'automatic replies die at a gateway that wants a sender',
    setup: { outboundConnectors: [outAll] },
    user: true,
    facts: { from: '', headerFrom: 'alex@contoso.com', type: 'OOF' },
    end: 'refused 550 5.7.1',
  },
];

describe('problems of practice', () => {
  it.each(problems)('$id: $fact', ({ setup, facts, source = stranger, user = false, net = {}, end }) => {
    const world = cloud([contoso(setup)], net);
    expect(ends(user ? send(world, facts) : knock(world, facts, { source }))).toEqual([end]);
  });
});
