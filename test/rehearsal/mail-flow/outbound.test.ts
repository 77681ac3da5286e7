import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { cloud, contoso, ends, knock, lock, passes, routed, rule, send } from './small-cloud.ts';

function connector(Name: string, more: ExchangeObject): ExchangeObject {
  return routed(Name, `${Name.toLowerCase().replaceAll(' ', '-')}.elsewhere.example`, {
    IsTransportRuleScoped: false,
    ...more,
  });
}

/** Microsoft's example: four accepted domains, three connectors to the organisation's own servers. */
const example = contoso({
  acceptedDomains: ['contoso.com', 'sales.contoso.com', 'fabrikam.com', 'contoso.onmicrosoft.com'].map(
    (DomainName) => ({
      DomainName,
      DomainType: 'InternalRelay',
    }),
  ),
  mailboxes: new Set(),
  outboundConnectors: [
    connector('Connector 1', { AllAcceptedDomains: true, ConnectorType: 'OnPremises' }),
    connector('Connector 2', { RecipientDomains: ['contoso.com'], ConnectorType: 'OnPremises' }),
    connector('Connector 3', { RecipientDomains: ['*.contoso.com'], ConnectorType: 'OnPremises' }),
  ],
});

function chosen(to: string, switches = {}): string | undefined {
  const ending = passes(send(cloud([example], {}, switches), { to }))[0]?.endings[0];
  return ending?.kind === 'sent' ? String(ending.connector?.['Name'] ?? 'MX') : ending?.kind;
}

describe('rehearsal/mail-flow/outbound-choice (fidelity point 20)', () => {
  it.each([
    ['john@fabrikam.com', 'Connector 1', 'Connector 1'],
    ['john@contoso.com', 'Connector 2', 'Connector 2'],
    ['john@sales.contoso.com', 'Connector 1', 'Connector 3'],
    ['john@elsewhere.example', 'MX', 'MX'],
  ])("sends %s by Microsoft's list through %s and by Microsoft's example through %s", (to, byList, byExample) => {
    expect(chosen(to)).toBe(byList);
    expect(chosen(to, { wildcardBeatsAllAccepted: true })).toBe(byExample);
  });

  it('prefers the longer wildcard, and everything last', () => {
    const setup = contoso({
      outboundConnectors: [
        connector('All', { RecipientDomains: ['*'] }),
        connector('Short', { RecipientDomains: ['*.example'] }),
        connector('Long', { RecipientDomains: ['*.partner.example'] }),
      ],
    });
    const through = (to: string): string | undefined => send(cloud([setup]), { to }).outcomes[0]?.detail;
    expect(through('a@mail.partner.example')).toBe('long.elsewhere.example');
    expect(through('a@partner.example')).toBe('short.elsewhere.example');
    expect(through('a@partner.test')).toBe('all.elsewhere.example');
  });

  it('leaves out connectors that are off, in test mode or for rules only', () => {
    const setup = contoso({
      outboundConnectors: [
        connector('Off', { RecipientDomains: ['*'], Enabled: false }),
        connector('Test', { RecipientDomains: ['*'], TestMode: true }),
        routed('Scoped', 'scoped.elsewhere.example', { RecipientDomains: ['*'] }),
      ],
    });
    expect(send(cloud([setup]), { to: 'a@partner.test' }).outcomes[0]?.detail).toBe('partner.test');
  });

  it('delivers to a mailbox here whatever connector its domain has', () => {
    const setup = contoso({ outboundConnectors: [connector('Own', { RecipientDomains: ['contoso.com'] })] });
    expect(ends(send(cloud([setup]), { to: 'info@contoso.com' }))).toEqual(['inbox']);
    expect(ends(send(cloud([setup]), { to: 'nobody@contoso.com' }))).toEqual(['refused 550 5.1.10']);
  });

  it.each<[string, ExchangeObject, string]>([
    [
      'with the certificate that is asked for',
      { TlsSettings: 'DomainValidation', TlsDomain: '*.elsewhere.example' },
      'outside',
    ],
    [
      'with another certificate',
      { TlsSettings: 'DomainValidation', TlsDomain: '*.other.example' },
      'deferred 450 4.4.317',
    ],
    ['with any certificate', { TlsSettings: 'EncryptionOnly' }, 'outside'],
  ])('connects %s', (_, tls, end) => {
    const setup = contoso({ outboundConnectors: [connector('Host', { RecipientDomains: ['*'], ...tls })] });
    expect(ends(send(cloud([setup])))).toEqual([end]);
  });

  it('takes the next smart host when the first cannot be reached, and waits when none can', () => {
    const setup = contoso({
      outboundConnectors: [
        connector('Host', { RecipientDomains: ['*'], SmartHosts: ['a.elsewhere.example', 'b.elsewhere.example'] }),
      ],
    });
    expect(send(cloud([setup], { down: ['a.elsewhere.example'] })).outcomes[0]?.detail).toBe('b.elsewhere.example');
    expect(ends(send(cloud([setup], { down: ['a.elsewhere.example', 'b.elsewhere.example'] })))).toEqual([
      'deferred 450 4.4.316',
    ]);
  });

  it('refuses what no server takes mail for', () => {
    expect(ends(send(cloud([contoso()], { mx: { 'void.example': '' } }), { to: 'a@void.example' }))).toEqual([
      'refused 550 5.4.310',
    ]);
  });

  it('goes to another organisation through its edge', () => {
    const fabrikam = contoso({
      id: 'c0000000-0000-4000-8000-000000000002',
      acceptedDomains: [{ DomainName: 'fabrikam.com', DomainType: 'Authoritative' }],
      inboundConnectors: [lock],
      mailboxes: new Set(['info@fabrikam.com']),
    });
    const world = cloud([contoso(), fabrikam], { mx: { 'fabrikam.com': 'fabrikam-com.mail.protection.outlook.com' } });
    expect(ends(send(world, { to: 'info@fabrikam.com' }))).toEqual(['refused 550 5.7.51']);
    const gated = cloud([contoso(), fabrikam], {
      mx: { 'fabrikam.com': 'mx.gateway.example' },
      serves: { 'mx.gateway.example': ['fabrikam.com'] },
    });
    expect(ends(send(gated, { to: 'info@fabrikam.com' }))).toEqual(['inbox']);
  });

  it('sends an automatic reply around a gateway that takes no mail without a sender', () => {
    const out = connector('Gateway', { RecipientDomains: ['*'], SmartHosts: ['out.gateway.example'] });
    const direct = routed('OOF direct', '', { UseMXRecord: true, SmartHosts: [] });
    const oof = { from: '', headerFrom: 'alex@contoso.com', type: 'OOF' as const };
    expect(ends(send(cloud([contoso({ outboundConnectors: [out] })]), oof))).toEqual(['refused 550 5.7.1']);
    const setup = contoso({
      outboundConnectors: [out, direct],
      transportRules: [rule(0, { MessageTypeMatches: 'OOF', RouteMessageOutboundConnector: 'OOF direct' })],
    });
    expect(ends(send(cloud([setup]), oof))).toEqual(['outside']);
    expect(ends(knock(cloud([setup])))).toEqual(['inbox']);
  });
});
