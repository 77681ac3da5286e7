import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { MailMessage } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { cloud, contoso, ends, gatewayIp, knock } from './small-cloud.ts';

const texts = {
  'outside.example': 'v=spf1 ip4:198.51.100.0/24 -all',
  '_dmarc.outside.example': 'v=DMARC1; p=reject',
  'contoso.com': 'v=spf1 ip4:198.51.100.0/24 -all',
  '_dmarc.contoso.com': 'v=DMARC1; p=reject',
};
const outside = 'someone@outside.example';
const inside = 'alex@contoso.com';
const refused = 'refused 550 5.7.509';

function row(facts: ExchangeObject): ExchangeObject {
  return {
    SpoofedUser: '*',
    SendingInfrastructure: '65.99.255.0/24',
    SpoofType: 'External',
    Action: 'Allow',
    ...facts,
  };
}

/** A message that comes from the gateway in the name of somebody who does not vouch for it. */
function end(rows: readonly ExchangeObject[], facts: Partial<MailMessage>, more = {}): string | undefined {
  const setup = contoso({ spoofItems: rows, ...more });
  return ends(knock(cloud([setup], { texts }), facts, { source: gatewayIp }))[0];
}

describe('rehearsal/mail-flow/spoof-verdict (spoof entries of the Tenant Allow/Block List)', () => {
  it.each<[string, string, ExchangeObject, string]>([
    ['lets an allowed pair spoof', outside, {}, 'inbox'],
    ['lets no other place spoof', outside, { SendingInfrastructure: '206.125.40.0/24' }, refused],
    [
      'lets everybody spoof a named author from everywhere',
      outside,
      { SpoofedUser: outside, SendingInfrastructure: '*' },
      'inbox',
    ],
    ['lets a named domain be spoofed', outside, { SpoofedUser: 'OUTSIDE.example' }, 'inbox'],
    ['lets no other domain be spoofed', outside, { SpoofedUser: 'other.example' }, refused],
    ['keeps own authors out of an external entry', inside, {}, refused],
    ['keeps foreign authors out of an internal entry', outside, { SpoofType: 'Internal' }, refused],
    ['lets own authors be spoofed by an internal entry', inside, { SpoofType: 'Internal' }, 'inbox'],
    ['moves a blocked pair to junk instead of asking its policy', outside, { Action: 'Block' }, 'junk'],
    ['blocks a pair of the own domain', inside, { Action: 'Block', SpoofType: 'Internal' }, 'junk'],
    ['blocks no author of the other kind', inside, { Action: 'Block' }, refused],
    ['blocks an author without any policy', 'a@none.example', { Action: 'Block' }, 'junk'],
  ])('%s (%s)', (_, from, facts, expected) => {
    expect(end([row(facts)], { from })).toBe(expected);
  });

  it('lets both kinds be spoofed with two entries, as a gateway needs it', () => {
    const rows = [row({ SpoofType: 'External' }), row({ SpoofType: 'Internal' })];
    expect([end(rows, { from: outside }), end(rows, { from: inside })]).toEqual(['inbox', 'inbox']);
  });

  it('blocks where one entry blocks and another allows', () => {
    expect(end([row({}), row({ SpoofedUser: outside, Action: 'Block' })], { from: outside })).toBe('junk');
  });

  it('quarantines a blocked pair where the anti-phishing policy says so, also with spoof intelligence off', () => {
    const antiPhishPolicies = [{ AuthenticationFailAction: 'Quarantine', EnableSpoofIntelligence: false }];
    expect(end([row({ Action: 'Block' })], { from: outside }, { antiPhishPolicies })).toBe('quarantined');
  });

  it('reads the default policy, not a preset one that stands before it', () => {
    const antiPhishPolicies = [
      { IsDefault: false, DmarcRejectAction: 'Quarantine' },
      { IsDefault: true, DmarcRejectAction: 'Reject' },
    ];
    expect(end([], { from: outside }, { antiPhishPolicies })).toBe(refused);
  });

  it('knows a place by the domain that signed', () => {
    const rows = [row({ SendingInfrastructure: 'gw.example' })];
    expect(end(rows, { from: outside, dkim: 'mail.gw.example' })).toBe('inbox');
    expect(end(rows, { from: outside, dkim: 'other.example' })).toBe(refused);
    expect(end(rows, { from: outside })).toBe(refused);
  });

  it('knows a place by the name of its server', () => {
    const rows = [row({ SendingInfrastructure: 'exchangedefender.com' })];
    const from = (reverse: Record<string, string>): string | undefined =>
      ends(knock(cloud([contoso({ spoofItems: rows })], { texts, reverse }), {}, { source: gatewayIp }))[0];
    expect(from({ [gatewayIp]: 'outbound.exchangedefender.com' })).toBe('inbox');
    expect(from({ [gatewayIp]: 'outbound.notexchangedefender.com' })).toBe(refused);
    expect(from({})).toBe(refused);
  });

  it('calls nothing a spoof that its author vouches for, whoever is blocked', () => {
    expect(end([row({ Action: 'Block' })], { from: outside, dkim: 'outside.example' })).toBe('inbox');
  });
});
