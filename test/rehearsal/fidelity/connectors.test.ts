import { describe, expect, it } from 'vitest';
import { PARTNER, ROUTED, textOf, typeOf, wire } from './wire.ts';

const cloud = wire();
type Case = readonly [string, Record<string, unknown>];

async function inbound(change: object = {}) {
  return cloud.run('New-InboundConnector', { ...PARTNER, ...change });
}

async function outbound(change: object = {}) {
  const { RecipientDomains, AllAcceptedDomains } = { RecipientDomains: null, AllAcceptedDomains: false, ...change };
  const scope = RecipientDomains || AllAcceptedDomains ? { IsTransportRuleScoped: false } : {};
  return cloud.run('New-OutboundConnector', { ...ROUTED, ...scope, ...change });
}

describe('fidelity point 8: inbound connectors', () => {
  it.each([
    ['*', 'smtp:*;1'],
    ['*.x.example', 'smtp:*.x.example;1'],
    ['x.example', 'smtp:x.example;1'],
    ['smtp:x.example', 'smtp:x.example;1'],
    ['smtp:x.example;1', 'smtp:x.example;1'],
  ])('stores the sender domain %s as %s', async (given, stored) => {
    expect((await inbound({ SenderDomains: given })).body.value[0].SenderDomains).toEqual([stored]);
  });

  it.each<Case>([
    ['no sender domains', { SenderDomains: [] }],
    ['a wildcard inside a name', { SenderDomains: 'a.*.example' }],
    ['a block wider than /24', { SenderIPAddresses: '65.99.254.0/23' }],
    ['an IPv6 address', { SenderIPAddresses: '2001:db8::/64' }],
    ['a dash range', { SenderIPAddresses: '65.99.255.1-65.99.255.3' }],
    ['a private address', { SenderIPAddresses: '192.168.7.1' }],
    ['the IP restriction without addresses', { SenderIPAddresses: [], RestrictDomainsToIPAddresses: true }],
    ['the certificate restriction without a name', { RestrictDomainsToCertificate: true }],
    ['a certificate name without TLS', { TlsSenderCertificateName: 'a.example', RequireTls: false }],
    ['internal treatment on Partner', { TreatMessagesAsInternal: true }],
    [
      'internal treatment beside the cloud switch',
      { ConnectorType: 'OnPremises', TreatMessagesAsInternal: true, CloudServicesMailEnabled: true },
    ],
    ['a certificate with any name', { TlsSenderCertificateName: '*' }],
    ['the cloud switch on Partner', { CloudServicesMailEnabled: true }],
    ['a comment of 1025 characters', { Comment: 'c'.repeat(1025) }],
    ['a skipped private address', { EFSkipIPs: ['10.1.1.1'] }],
    ['a skipped block with private addresses inside', { EFSkipIPs: ['8.0.0.0/5'] }],
    ['a skipped block with reserved addresses at its end', { EFSkipIPs: ['192.88.96.0/22'] }],
    ['a skipped range that ends in a private network', { EFSkipIPs: ['9.255.255.0-10.0.0.1'] }],
    ['a skipped range around the networks of Microsoft', { EFSkipIPs: ['40.0.0.0-41.0.0.0'] }],
    ['a network for benchmarks', { SenderIPAddresses: '198.18.3.0/24' }],
    ['a skipped Microsoft address', { EFSkipIPs: ['52.101.0.0/24'] }],
    ['an accepted domain that is none', { AssociatedAcceptedDomains: ['x.example'] }],
  ])('refuses %s and stores nothing', async (_case, change) => {
    expect((await inbound(change)).status).toBe(400);
    expect((await cloud.run('Get-InboundConnector')).body.value).toEqual([]);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['looseRestrictions', 'a restriction without what it is about', { RestrictDomainsToCertificate: true }],
    [
      'bothRestrictionsAllowed',
      'both restrictions',
      {
        RestrictDomainsToIPAddresses: true,
        RestrictDomainsToCertificate: true,
        TlsSenderCertificateName: 'a.example',
      },
    ],
    ['cloudServicesOnPartnerAllowed', 'the cloud switch on Partner', { CloudServicesMailEnabled: true }],
    ['longCommentsAllowed', 'a long comment', { Comment: 'c'.repeat(1025) }],
  ])('with %s stores %s, which it refuses otherwise', async (name, _what, change) => {
    const strict = await inbound(change);
    await cloud.directory({ switches: { [name]: true } });
    expect([strict.status, (await inbound(change)).status]).toEqual([400, 200]);
  });

  it.each([' gate', 'gate ', '\tgate'])('refuses a name with a blank at its end: “%s”', async (Name) => {
    expect([(await inbound({ Name })).status, (await outbound({ Name })).status]).toEqual([400, 400]);
  });

  it('refuses a name in use in any case, and `/` where the tenant does', async () => {
    await inbound();
    const twice = await inbound({ Name: 'GATE' });
    const slash = await inbound({ Name: 'in/out' });
    await cloud.directory({ switches: { duplicateNamesAllowed: true, slashInNameRefused: true } });
    const allowed = await inbound({ Name: 'GATE' });
    const refused = await inbound({ Name: 'out/in' });
    expect([twice, slash, allowed, refused].map(({ status }) => status)).toEqual([400, 200, 200, 400]);
    expect(typeOf(twice)).toContain('ManagementObjectAlreadyExistsException');
  });

  it('warns of overlapping addresses beside the answer, or keeps quiet where switched off', async () => {
    await inbound();
    const second = await inbound({ Name: 'second', SenderIPAddresses: '65.99.255.9' });
    await cloud.directory({ switches: { overlapWarnings: false } });
    const third = await inbound({ Name: 'third', SenderIPAddresses: '65.99.255.9' });
    expect(second.body['@adminapi.warnings']).toEqual([expect.stringContaining('overlap')]);
    expect(third.body['@adminapi.warnings']).toEqual([]);
  });

  it('refuses OnPremises where prohibited and leaves the object off; a developer tenant refuses every one', async () => {
    await cloud.directory({ switches: { onPremisesInboundAllowed: false } });
    const refused = await inbound({ ConnectorType: 'OnPremises' });
    const left = await cloud.run('Get-InboundConnector', { Identity: 'gate' });
    const developer = await cloud.run('New-InboundConnector', PARTNER, 'treyresearch');
    const nothing = await cloud.run('Get-InboundConnector', {}, 'treyresearch');
    expect(typeOf(refused)).toContain('OrganizationInboundConnectorProhibitedException');
    expect(left.body.value[0]).toMatchObject({ Enabled: false, ConnectorType: 'OnPremises' });
    expect([developer.status, nothing.body.value]).toEqual([400, []]);
  });

  it('skips addresses that are not the connector’s own', async () => {
    const { status } = await inbound({ EFSkipIPs: ['203.0.113.1-203.0.113.9', '198.51.0.0/16'], EFSkipLastIP: false });
    expect(status).toBe(200);
  });
});

describe('fidelity point 9: outbound connectors', () => {
  it.each([
    ['not a host', 400],
    ['out.gate.example:587', 400],
    ['gate', 400],
    ['2001:db8::1', 400],
    ['192.0.2.7', 200],
    ['[192.0.2.7]', 200],
    ['out.gate.example', 200],
  ])('answers the smart host %s with %i', async (host, status) => {
    expect((await outbound({ SmartHosts: [host] })).status).toBe(status);
  });

  it.each<[string, Record<string, unknown>, string | null]>([
    ['no scope', { IsTransportRuleScoped: false }, 'looseOutboundScope'],
    ['two scopes', { RecipientDomains: '*', IsTransportRuleScoped: true }, 'looseOutboundScope'],
    ['MX routing with smart hosts', { UseMXRecord: true }, 'looseOutboundRoute'],
    ['neither MX nor smart hosts', { SmartHosts: [] }, 'looseOutboundRoute'],
    [
      'MX routing on OnPremises',
      { ConnectorType: 'OnPremises', UseMXRecord: true, SmartHosts: [] },
      'looseOutboundRoute',
    ],
    ['all accepted domains on Partner', { AllAcceptedDomains: true }, 'looseOutboundType'],
    ['routing everything through own servers on Partner', { RouteAllMessagesViaOnPremises: true }, 'looseOutboundType'],
    ['the cloud switch on Partner', { CloudServicesMailEnabled: true }, 'looseOutboundType'],
    [
      '* on OnPremises without routing everything',
      { ConnectorType: 'OnPremises', RecipientDomains: '*' },
      'looseOutboundType',
    ],
    ['a TLS domain without its level', { TlsDomain: 'x.example' }, null],
    ['domain validation without a domain', { TlsSettings: 'DomainValidation' }, null],
    ['the TLS domain *', { TlsSettings: 'DomainValidation', TlsDomain: '*' }, null],
    ['a name in use', { Name: 'used' }, 'duplicateNamesAllowed'],
  ])('refuses %s', async (_case, change, loose) => {
    await outbound({ Name: 'used' });
    const strict = await outbound(change);
    expect(strict.status).toBe(400);
    if (loose === null) return;
    await cloud.directory({ switches: { [loose]: true } });
    expect((await outbound(change)).status).toBe(200);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['delete', 'Remove-OutboundConnector', {}],
    ['disable', 'Set-OutboundConnector', { Enabled: false }],
    ['rename', 'Set-OutboundConnector', { Name: 'other' }],
    ['un-scope', 'Set-OutboundConnector', { IsTransportRuleScoped: false, RecipientDomains: '*' }],
  ])('does not %s a connector that a rule names, unless the switch says so', async (_what, cmdlet, change) => {
    await outbound();
    await cloud.run('New-TransportRule', { Name: 'route', RouteMessageOutboundConnector: 'OUT', Enabled: false });
    const refused = await cloud.run(cmdlet, { Identity: 'out', ...change });
    await cloud.directory({ switches: { usedConnectorChangeable: true } });
    const allowed = await cloud.run(cmdlet, { Identity: 'out', ...change });
    expect([refused.status, allowed.status]).toEqual([400, 200]);
    expect(textOf(refused)).toContain('"route"');
  });

  it('returns rule-scoped connectors from a plain read, and those in test mode only when asked', async () => {
    await outbound();
    await outbound({ Name: 'test', TestMode: true });
    const names = async (parameters: Record<string, unknown>) =>
      (await cloud.run('Get-OutboundConnector', parameters)).body.value.map(({ Name }: { Name: string }) => Name);
    expect(await names({})).toEqual(['out']);
    expect(await names({ IncludeTestModeConnectors: true })).toEqual(['out', 'test']);
  });
});

describe('fidelity point 14: validating an outbound connector', () => {
  const rows = async (recipients: readonly string[] = ['postmaster@b.example']) => {
    const { body } = await cloud.run('Validate-OutboundConnector', { Identity: 'out', Recipients: recipients });
    return body.value.map(({ TaskName, IsTaskSuccessful, TaskDetail }: Record<string, unknown>) => ({
      task: TaskName,
      isGood: IsTaskSuccessful,
      detail: TaskDetail,
    }));
  };

  it('has a row for every smart host and every recipient, and changes nothing', async () => {
    await outbound({ SmartHosts: ['inbound30.exchangedefender.com', 'inbound31.exchangedefender.com'] });
    const [first, second, third, fourth] = await rows(['a@b.example', 'c@d.example']);
    expect([first, second, third, fourth].map((row) => row?.isGood)).toEqual([true, true, true, true]);
    expect([first?.task, fourth?.task]).toEqual([
      expect.stringContaining('inbound30'),
      expect.stringContaining('c@d.example'),
    ]);
    const { body } = await cloud.run('Get-OutboundConnector', { Identity: 'out' });
    expect(body.value[0]).toMatchObject({ IsValidated: false, LastValidationTimestamp: null });
  });

  it.each<[string, Record<string, unknown>, string | null, string]>([
    ['a host that does not resolve', { SmartHosts: ['nowhere.example'] }, null, 'could not be resolved'],
    ['a host that refuses', {}, 'refuse', 'refused'],
    ['a host without STARTTLS', { TlsSettings: 'EncryptionOnly' }, 'no-starttls', 'STARTTLS'],
    ['a certificate that nobody trusts', { TlsSettings: 'CertificateValidation' }, 'self-signed', 'trusted'],
    ['a busy host', {}, 'busy', 'EHLO'],
    ['another name than asked for', { TlsSettings: 'DomainValidation', TlsDomain: '*.x.example' }, null, '*.x.example'],
  ])('fails for %s', async (_case, change, behaviour, text) => {
    await outbound(change);
    if (behaviour) await cloud.rehearsal.control('PUT', '/control/smtp', { host: 'gateway', behaviour });
    const [host, mail] = await rows();
    await cloud.rehearsal.control('PUT', '/control/smtp', { host: 'gateway', behaviour: 'normal' });
    expect([host?.isGood, mail?.isGood]).toEqual([false, false]);
    expect(host?.detail).toContain(text);
  });

  it('fails for a connector by MX that only rules use, as it does in practice, unless the switch says otherwise', async () => {
    await outbound({ UseMXRecord: true, SmartHosts: [] });
    const usual = await rows(['postmaster@contoso.com']);
    await cloud.directory({ switches: { mxValidationFails: false } });
    const otherwise = await rows(['postmaster@contoso.com']);
    expect([usual, otherwise].map((all) => all.map(({ isGood }: { isGood: boolean }) => isGood))).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('takes a self-signed certificate where only encryption is asked for', async () => {
    await outbound({ TlsSettings: 'EncryptionOnly' });
    await cloud.rehearsal.control('PUT', '/control/smtp', { host: 'gateway', behaviour: 'self-signed' });
    expect((await rows())[0]?.isGood).toBe(true);
  });
});
