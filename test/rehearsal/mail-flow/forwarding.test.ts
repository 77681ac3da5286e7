import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { MailMessage } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import {
  cloud,
  contoso,
  contosoId,
  ends,
  type Internet,
  knock,
  passes,
  routed,
  rule,
  send,
  stranger,
} from './small-cloud.ts';

const remoteDomains = [
  { DomainName: '*', AutoForwardEnabled: false },
  { DomainName: 'partner.example', AutoForwardEnabled: true },
];

describe('rehearsal/mail-flow, automatic forwarding', () => {
  it('drops what is forwarded to a remote domain that forbids it', () => {
    const world = cloud([contoso({ remoteDomains })]);
    const journey = send(world, { type: 'AutoForward' });
    expect(journey.outcomes).toEqual([
      {
        kind: 'deleted',
        recipient: 'someone@outside.example',
        detail: 'automatic forwarding to outside.example is off',
      },
    ]);
    expect(ends(send(world, { type: 'AutoForward', to: 'a@partner.example' }))).toEqual(['outside']);
    expect(ends(send(world, { type: 'AutoForward', to: 'info@contoso.com' }))).toEqual(['inbox']);
    expect(ends(send(world))).toEqual(['outside']);
    expect(ends(send(cloud([contoso()]), { type: 'AutoForward' }))).toEqual(['outside']);
  });

  it('drops it also where a rule chose the connector', () => {
    const transportRules = [rule(0, { RouteMessageOutboundConnector: 'Out' })];
    const outboundConnectors = [routed('Out', 'mx.elsewhere.example')];
    const world = cloud([contoso({ remoteDomains, transportRules, outboundConnectors })]);
    expect(ends(send(world, { type: 'AutoForward' }))).toEqual(['deleted']);
  });
});

const texts = { 'outside.example': `v=spf1 ip4:${stranger} -all` };
const redirect = { transportRules: [rule(0, { RedirectMessageTo: ['a@elsewhere.example'] })] };

function forwarded(furniture: object, net: Internet = { texts }, facts: Partial<MailMessage> = {}): string | undefined {
  return passes(knock(cloud([contoso(furniture)], net), facts))[0]?.endings[0]?.message.from;
}

function through(connector: ExchangeObject): object {
  const outboundConnectors = [routed('Out', 'mx.elsewhere.example', connector)];
  const transportRules = [
    rule(0, { RedirectMessageTo: ['a@elsewhere.example'], RouteMessageOutboundConnector: 'Out' }),
  ];
  return { outboundConnectors, transportRules };
}

describe('rehearsal/mail-flow/sender-rewriting', () => {
  it('gives what it forwards an envelope sender of its own and leaves the author', () => {
    expect(forwarded(redirect)).toMatch(/^bounces\+SRS=[0-9a-f]{5}=[0-9a-f]{2}@contoso\.com$/u);
    const [pass] = passes(knock(cloud([contoso(redirect)], { texts })));
    expect(pass?.endings[0]?.message.headerFrom).toBe('someone@outside.example');
  });

  it('leaves its own senders, bounces and mail that stays', () => {
    expect(passes(send(cloud([contoso()])))[0]?.endings[0]?.message.from).toBe('alex@contoso.com');
    expect(forwarded(redirect, { texts }, { from: '', headerFrom: 'a@outside.example' })).toBe('');
    expect(forwarded({})).toBe('someone@outside.example');
  });

  it('rewrites nothing that nobody vouched for when it came', () => {
    expect(forwarded(redirect, {})).toBe('someone@outside.example');
    expect(forwarded(redirect, {}, { dkim: 'outside.example' })).toMatch(/@contoso\.com$/u);
  });

  it('rewrites on the way to own servers only when their connector says so', () => {
    expect(forwarded(through({ ConnectorType: 'OnPremises' }))).toBe('someone@outside.example');
    expect(forwarded(through({ ConnectorType: 'OnPremises', SenderRewritingEnabled: true }))).toMatch(/^bounces/u);
    expect(forwarded(through({ ConnectorType: 'Partner' }))).toMatch(/^bounces/u);
  });

  it('keeps a forwarded message out of the way of those who reject direct send', () => {
    const fabrikam = contoso({
      id: contosoId.replace(/1$/u, '2'),
      initialDomain: 'fabrikam.onmicrosoft.com',
      acceptedDomains: [{ DomainName: 'fabrikam.com', DomainType: 'Authoritative', Default: true }],
      mailboxes: new Set(['b@fabrikam.com']),
      organizationConfig: [{ RejectDirectSend: true }],
    });
    const back = { transportRules: [rule(0, { RedirectMessageTo: ['b@fabrikam.com'] })] };
    const net = { mx: { 'fabrikam.com': 'fabrikam-com.mail.protection.outlook.com' } };
    const sender = { from: 'c@fabrikam.com' };
    const vouched = { ...net, texts: { 'fabrikam.com': `v=spf1 ip4:${stranger} -all` } };
    expect(ends(knock(cloud([contoso(back), fabrikam], vouched), sender))).toEqual(['inbox']);
    expect(ends(knock(cloud([contoso(back), fabrikam], net), sender))).toEqual(['refused 550 5.7.68']);
  });
});
