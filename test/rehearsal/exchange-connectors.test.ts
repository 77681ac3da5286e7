import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type RunningRehearsal, runningRehearsal } from './running-rehearsal.ts';

let rehearsal: RunningRehearsal;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
});

afterAll(() => rehearsal.stop());

beforeEach(async () => {
  await rehearsal.control('POST', '/control/reset', { seed: 'default' });
});

/** Through the colleague's hand, which runs the same cmdlets without the wire around them. */
async function run(cmdlet: string, parameters: object = {}, tenant = 'contoso'): Promise<Answer> {
  return rehearsal.control('POST', '/control/exchange', { tenant, cmdlet, parameters });
}

const INBOUND = { Name: 'gate', ConnectorType: 'Partner', SenderDomains: ['*'], SenderIPAddresses: ['65.99.255.0/24'] };
const OUTBOUND = {
  Name: 'smart host',
  ConnectorType: 'Partner',
  RecipientDomains: '*',
  UseMXRecord: false,
  SmartHosts: ['outbound.exchangedefender.com'],
};

describe('rehearsal/exchange: inbound connectors', () => {
  it('returns every property of the live object, with the documented defaults', async () => {
    const { body } = await run('New-InboundConnector', INBOUND);
    expect(body.value[0]).toMatchObject({
      Identity: 'gate',
      Enabled: true,
      ConnectorType: 'Partner',
      ConnectorSource: 'Default',
      Comment: null,
      SenderDomains: ['smtp:*;1'],
      SenderIPAddresses: ['65.99.255.0/24'],
      TrustedOrganizations: [],
      ClientHostNames: [],
      AssociatedAcceptedDomains: [],
      RequireTls: true,
      RestrictDomainsToIPAddresses: false,
      RestrictDomainsToCertificate: false,
      CloudServicesMailEnabled: false,
      TreatMessagesAsInternal: false,
      TlsSenderCertificateName: null,
      EFTestMode: false,
      EFSkipLastIP: false,
      EFSkipIPs: [],
      EFSkipMailGateway: [],
      EFUsers: [],
      ScanAndDropRecipients: [],
      IsValid: true,
    });
  });

  it.each(['*', 'smtp:*', 'smtp:*;1'])('stores the sender domain %s as smtp:*;1', async (domain) => {
    const { body } = await run('New-InboundConnector', { ...INBOUND, SenderDomains: domain });
    expect(body.value[0].SenderDomains).toEqual(['smtp:*;1']);
  });

  it.each([
    ['a wildcard inside a name', { SenderDomains: 'mail.*.example' }],
    ['no sender domain', { SenderDomains: [] }],
    ['a block wider than /24', { SenderIPAddresses: ['65.99.254.0/23'] }],
    ['a dash range', { SenderIPAddresses: ['65.99.255.1-65.99.255.9'] }],
    ['an IPv6 address', { SenderIPAddresses: ['2001:db8::1'] }],
    ['a private address', { SenderIPAddresses: ['10.0.0.1'] }],
    ['the IP restriction without addresses', { SenderIPAddresses: [], RestrictDomainsToIPAddresses: true }],
    ['the certificate restriction without a name', { RestrictDomainsToCertificate: true }],
    ['a certificate name without TLS', { TlsSenderCertificateName: 'gate.example', RequireTls: false }],
    ['the certificate name *', { TlsSenderCertificateName: '*' }],
    [
      'both restrictions at once',
      {
        RestrictDomainsToIPAddresses: true,
        RestrictDomainsToCertificate: true,
        TlsSenderCertificateName: 'gate.example',
      },
    ],
    ['internal treatment on a Partner connector', { TreatMessagesAsInternal: true }],
    ['the hybrid switch on a Partner connector', { CloudServicesMailEnabled: true }],
    [
      'internal treatment beside the hybrid switch',
      { ConnectorType: 'OnPremises', TreatMessagesAsInternal: true, CloudServicesMailEnabled: true },
    ],
    ['an accepted domain that is not one', { AssociatedAcceptedDomains: ['fabrikam.com'] }],
    ['a skipped private address', { EFSkipIPs: ['192.168.1.1'] }],
    ['a skipped Microsoft address', { EFSkipIPs: ['40.107.1.1'] }],
    ['a comment of 1025 characters', { Comment: 'x'.repeat(1025) }],
    ['an empty name', { Name: ' ' }],
  ])('refuses %s', async (_case, wrong) => {
    const { status, body } = await run('New-InboundConnector', { ...INBOUND, ...wrong });
    expect([status, body.type]).toEqual([400, expect.stringMatching(/Exception$/u)]);
    expect((await run('Get-InboundConnector')).body.value).toEqual([]);
  });

  it('takes skipped ranges of any width', async () => {
    const skipped = ['65.99.255.0/24', '203.0.113.1-203.0.113.9', '198.51.0.0/16'];
    const { status, body } = await run('New-InboundConnector', { ...INBOUND, EFSkipIPs: skipped });
    expect([status, body.value[0].EFSkipIPs]).toEqual([200, skipped]);
  });

  it('refuses a second connector of the same name in another case', async () => {
    await run('New-InboundConnector', INBOUND);
    const { status, body } = await run('New-InboundConnector', { ...INBOUND, Name: 'GATE' });
    expect([status, body.type]).toEqual([
      400,
      'Microsoft.Exchange.Management.Tasks.ManagementObjectAlreadyExistsException',
    ]);
  });

  it('warns about addresses that another enabled connector has too', async () => {
    await run('New-InboundConnector', INBOUND);
    const { body } = await run('New-InboundConnector', {
      ...INBOUND,
      Name: 'second',
      SenderIPAddresses: ['65.99.255.9'],
    });
    expect(body.warnings).toEqual([expect.stringContaining('"gate"')]);
  });

  it('refuses a new OnPremises connector where they are prohibited, and leaves it behind switched off', async () => {
    await rehearsal.control('PUT', '/control/directory', {
      tenant: 'contoso',
      switches: { onPremisesInboundAllowed: false },
    });
    const { status, body } = await run('New-InboundConnector', { ...INBOUND, ConnectorType: 'OnPremises' });
    const left = await run('Get-InboundConnector', { Identity: 'gate' });
    expect([status, body.type]).toEqual([
      400,
      expect.stringContaining('OrganizationInboundConnectorProhibitedException'),
    ]);
    expect(left.body.value[0]).toMatchObject({ ConnectorType: 'OnPremises', Enabled: false });
  });

  it('renames, changes and removes by any spelling of the name', async () => {
    const made = await run('New-InboundConnector', INBOUND);
    await run('Set-InboundConnector', { Identity: 'Gate', Name: 'new name', Enabled: false });
    const { body } = await run('Get-InboundConnector', { Identity: made.body.value[0].Guid });
    await run('Remove-InboundConnector', { Identity: 'NEW NAME', Confirm: false });
    expect(body.value[0]).toMatchObject({ Name: 'new name', Identity: 'new name', Enabled: false });
    expect((await run('Get-InboundConnector')).body.value).toEqual([]);
  });

  it('changes nothing with WhatIf', async () => {
    await run('New-InboundConnector', { ...INBOUND, WhatIf: true });
    expect((await run('Get-InboundConnector')).body.value).toEqual([]);
  });

  it('acts on mail two virtual minutes after the write', async () => {
    await run('New-InboundConnector', INBOUND);
    const before = await rehearsal.control('GET', '/control/tenants/contoso');
    await rehearsal.control('POST', '/control/clock', { advance: 121 });
    const after = await rehearsal.control('GET', '/control/tenants/contoso');
    expect(before.body.inboundConnectors[0]).toMatchObject({
      stored: { Name: 'gate' },
      effective: null,
      isEffective: false,
    });
    expect(after.body.inboundConnectors[0]).toMatchObject({ effective: { Name: 'gate' }, isEffective: true });
  });
});

describe('rehearsal/exchange: outbound connectors', () => {
  it('stores a smart host connector with the documented defaults', async () => {
    const { status, body } = await run('New-OutboundConnector', OUTBOUND);
    expect(status).toBe(200);
    expect(body.value[0]).toMatchObject({
      RecipientDomains: ['*'],
      TlsSettings: null,
      TlsDomain: null,
      MtaStsMode: 'Opportunistic',
      SmtpDaneMode: 'Opportunistic',
      TestMode: false,
      IsValidated: false,
      LastValidationTimestamp: null,
      ValidationRecipients: [],
    });
  });

  it.each([
    ['two scopes', { IsTransportRuleScoped: true }],
    ['no scope', { RecipientDomains: [] }],
    ['smart hosts beside MX', { UseMXRecord: true }],
    ['neither smart host nor MX', { SmartHosts: [] }],
    ['MX on an OnPremises connector', { ConnectorType: 'OnPremises', UseMXRecord: true, SmartHosts: [] }],
    ['everything on an OnPremises connector', { ConnectorType: 'OnPremises' }],
    ['a TLS domain without domain validation', { TlsDomain: 'gate.example' }],
    ['domain validation without a TLS domain', { TlsSettings: 'DomainValidation' }],
    ['the TLS domain *', { TlsSettings: 'DomainValidation', TlsDomain: '*' }],
    ['routing all mail through own servers on a Partner connector', { RouteAllMessagesViaOnPremises: true }],
  ])('refuses %s', async (_case, wrong) => {
    expect((await run('New-OutboundConnector', { ...OUTBOUND, ...wrong })).status).toBe(400);
    expect((await run('Get-OutboundConnector')).body.value).toEqual([]);
  });

  it('hides connectors in test mode from a plain read', async () => {
    await run('New-OutboundConnector', { ...OUTBOUND, TestMode: true });
    const plain = await run('Get-OutboundConnector');
    const all = await run('Get-OutboundConnector', { IncludeTestModeConnectors: true });
    expect([plain.body.value.length, all.body.value.length]).toEqual([0, 1]);
  });

  it.each([
    ['delete', 'Remove-OutboundConnector', {}],
    ['disable', 'Set-OutboundConnector', { Enabled: false }],
    ['rename', 'Set-OutboundConnector', { Name: 'other' }],
    ['un-scope', 'Set-OutboundConnector', { IsTransportRuleScoped: false, RecipientDomains: '*' }],
  ])('refuses to %s a connector that a rule names, until the rule is gone', async (_case, cmdlet, change) => {
    const { RecipientDomains: _unscoped, ...scoped } = { ...OUTBOUND, IsTransportRuleScoped: true };
    await run('New-OutboundConnector', scoped);
    await run('New-TransportRule', { Name: 'route', RouteMessageOutboundConnector: 'smart host' });
    const refused = await run(cmdlet, { Identity: 'smart host', ...change });
    await run('Remove-TransportRule', { Identity: 'route' });
    const allowed = await run(cmdlet, { Identity: 'smart host', ...change });
    expect([refused.status, allowed.status]).toEqual([400, 200]);
    expect(refused.body.error).toContain('"route"');
  });

  it('validates by how the mail hosts behave, and leaves the connector as it was', async () => {
    await run('New-OutboundConnector', {
      ...OUTBOUND,
      SmartHosts: ['inbound30.exchangedefender.com', 'no-such-host.example'],
    });
    const { body } = await run('Validate-OutboundConnector', { Identity: 'smart host', Recipients: ['a@b.example'] });
    const { body: after } = await run('Get-OutboundConnector', { Identity: 'smart host' });
    expect(body.value.map((row: { IsTaskSuccessful: boolean }) => row.IsTaskSuccessful)).toEqual([true, false, false]);
    expect(after.value[0].IsValidated).toBe(false);
  });
});

describe('rehearsal/exchange: domains and organisation', () => {
  it('returns the accepted domains, one of them the default and one the initial', async () => {
    const { body } = await run('Get-AcceptedDomain');
    const shown = body.value.map(({ DomainName, DomainType, Default, InitialDomain }: Record<string, unknown>) => [
      DomainName,
      DomainType,
      Default,
      InitialDomain,
    ]);
    expect(shown).toEqual([
      ['contoso.com', 'Authoritative', true, false],
      ['sales.contoso.com', 'Authoritative', false, false],
      ['contoso.onmicrosoft.com', 'Authoritative', false, true],
    ]);
  });

  it('changes a domain to a relay domain', async () => {
    await run('Set-AcceptedDomain', { Identity: 'contoso.com', DomainType: 'InternalRelay' });
    const { body } = await run('Get-AcceptedDomain', { Identity: 'contoso.com' });
    expect(body.value[0].DomainType).toBe('InternalRelay');
  });

  it('switches Direct Send off, and refuses settings it does not know', async () => {
    const wrong = await run('Set-OrganizationConfig', { RejectDirectSent: true });
    await run('Set-OrganizationConfig', { RejectDirectSend: true });
    const { body } = await run('Get-OrganizationConfig');
    expect(wrong.status).toBe(400);
    expect(body.value).toEqual([expect.objectContaining({ Name: 'contoso.onmicrosoft.com', RejectDirectSend: true })]);
  });

  it('customises an organisation once', async () => {
    const first = await run('Enable-OrganizationCustomization', {}, 'northwind');
    const second = await run('Enable-OrganizationCustomization', {}, 'northwind');
    const { body } = await run('Get-OrganizationConfig', {}, 'northwind');
    expect([first.status, second.status, body.value[0].IsDehydrated]).toEqual([200, 400, false]);
  });
});
