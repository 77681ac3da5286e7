import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { Setup } from '../../../src/rehearsal/mail-flow/setup.ts';
import { cloud, contoso, ends, knock, passes, routed, rule, send } from './small-cloud.ts';

function withSwitch(DomainName: string, more: ExchangeObject, furniture: Partial<Setup> = {}): Setup {
  const { acceptedDomains } = contoso();
  const changed = acceptedDomains.map((one) => (one['DomainName'] === DomainName ? { ...one, ...more } : one));
  return contoso({ acceptedDomains: changed, ...furniture });
}

const muted = { SendingFromDomainDisabled: true };
const closed = { SendingToDomainDisabled: true };
const ownServer = { Name: 'Own', ConnectorType: 'OnPremises', Enabled: true, SenderIPAddresses: ['203.0.113.40'] };

describe('rehearsal/mail-flow/domain-switches', () => {
  it('sends nothing from a domain that must not send', () => {
    const world = cloud([withSwitch('contoso.com', muted)]);
    expect(ends(send(world))).toEqual(['refused 550 5.7.1']);
    expect(ends(send(world, { from: '', headerFrom: 'alex@contoso.com' }))).toEqual(['refused 550 5.7.1']);
    expect(ends(send(world, { from: 'kim@sales.contoso.com' }))).toEqual(['outside']);
  });

  it('stops own servers as it stops users, before any rule', () => {
    const transportRules = [rule(0, { DeleteMessage: true })];
    const world = cloud([withSwitch('contoso.com', muted, { inboundConnectors: [ownServer], transportRules })]);
    const journey = knock(
      world,
      { from: 'scanner@contoso.com', to: 'a@elsewhere.example' },
      { source: '203.0.113.40' },
    );
    expect(ends(journey)).toEqual(['refused 550 5.7.1']);
    expect(passes(journey)[0]?.rules).toEqual([]);
  });

  it('still receives for a domain that must not send', () => {
    expect(ends(knock(cloud([withSwitch('contoso.com', muted)])))).toEqual(['inbox']);
  });

  it('delivers nothing to a domain that must not receive, whoever sends', () => {
    const world = cloud([withSwitch('contoso.onmicrosoft.com', closed)]);
    const to = 'alex@contoso.onmicrosoft.com';
    expect(ends(knock(world, { to }))).toEqual(['refused 550 5.7.1']);
    expect(ends(send(world, { to }))).toEqual(['refused 550 5.7.1']);
    expect(ends(knock(world, { to: 'alex@contoso.com' }))).toEqual(['inbox']);
  });

  it('delivers nothing there that a rule routes or redirects', () => {
    const rules = [rule(0, { RouteMessageOutboundConnector: 'Out' })];
    const out = routed('Out', 'mx.elsewhere.example');
    const furniture = { transportRules: rules, outboundConnectors: [out] };
    expect(ends(knock(cloud([withSwitch('contoso.com', closed, furniture)])))).toEqual(['refused 550 5.7.1']);
    const redirect = { transportRules: [rule(0, { RedirectMessageTo: ['kim@sales.contoso.com'] })] };
    expect(ends(knock(cloud([withSwitch('sales.contoso.com', closed, redirect)])))).toEqual(['refused 550 5.7.1']);
    expect(ends(knock(cloud([withSwitch('contoso.com', closed, redirect)])))).toEqual(['inbox']);
  });
});
