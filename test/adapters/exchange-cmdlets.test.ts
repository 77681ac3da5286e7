import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCall } from '../../src/adapters/exchange-online/check-call.ts';
import { cmdletTable } from '../../src/adapters/exchange-online/cmdlet-table.ts';
import { bodyOf } from '../../src/adapters/exchange-online/encode.ts';
import { leastPrivilege, leastPrivilegeScript } from '../../src/adapters/exchange-online/least-privilege.ts';
import { RefusedError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { powershell } from '../../src/views/powershell.ts';

const inbound = { Name: 'Gateway', SenderDomains: ['*'], ConnectorType: 'Partner' };
const outbound = { Name: 'To the gateway', ConnectorType: 'Partner' };
const scanner = { ...outbound, UseMXRecord: false, SmartHosts: ['in.scanner.example'], IsTransportRuleScoped: true };
const rule = { Name: 'Route', RouteMessageOutboundConnector: 'To the gateway' };
const spoof = {
  Identity: 'default',
  SpoofedUser: '*',
  SendingInfrastructure: '65.99.255.0/24',
  SpoofType: 'External',
  Action: 'Allow',
};

function refusalOf(cmdlet: string, parameters: JsonObject): string {
  try {
    checkCall({ cmdlet, parameters }, 'write', new Date('2026-11-21T09:00:00Z'));
    return 'is sent';
  } catch (error) {
    if (error instanceof RefusedError) return error.message;
    throw error;
  }
}

describe('adapters/exchange-online/check-call', () => {
  it.each<[string, JsonObject]>([
    ['New-InboundConnector', { ...inbound, SenderIPAddresses: ['192.0.2.7', '192.0.2.0/24'], RequireTls: true }],
    [
      'New-InboundConnector',
      { ...inbound, SenderDomains: ['smtp:*.contoso.com;1'], EFSkipIPs: ['192.0.2.1-192.0.2.9'] },
    ],
    ['New-OutboundConnector', { ...scanner, TlsSettings: 'DomainValidation', TlsDomain: '*.scanner.example' }],
    [
      'Set-OutboundConnector',
      { Identity: 'x', IsValidated: true, LastValidationTimestamp: '2026-05-01T12:00:00.000Z' },
    ],
    ['New-TransportRule', { ...rule, MessageTypeMatches: 'OOF', Enabled: false, Priority: 0 }],
    [
      'New-TransportRule',
      {
        ...rule,
        FromScope: 'NotInOrganization',
        SentToScope: 'InOrganization',
        RecipientDomainIs: ['contoso.com'],
        ExceptIfSenderIpRanges: ['20.160.56.0/21', '192.0.2.1-192.0.2.9'],
        ExceptIfHeaderMatchesMessageHeader: 'X-Gateway-Verdict',
        ExceptIfHeaderMatchesPatterns: ['^secret;'],
        ExceptIfHeaderContainsMessageHeader: 'X-MS-Exchange-MeetingForward-Message',
        ExceptIfHeaderContainsWords: ['Forward'],
        ExceptIfMessageTypeMatches: 'Voicemail',
        ExceptIfSCLOver: '5',
        ExceptIfMessageSizeOver: '36700160',
        SetHeaderName: 'X-Gateway-Route',
        SetHeaderValue: 'tenant;in',
        StopRuleProcessing: true,
        SenderAddressLocation: 'HeaderOrEnvelope',
        Mode: 'Enforce',
        RuleErrorAction: 'Ignore',
      },
    ],
    // As an undo sets back what an administrator had changed by hand.
    ['Set-InboundConnector', { Identity: 'x', EFSkipIPs: ['192.0.2.1'], EFSkipLastIP: true }],
    ['Set-InboundConnector', { Identity: 'x', Comment: 'Ours.\r\nAsk the help desk\tfirst.' }],
    ['New-TransportRule', { Name: 'Trust', SetSCL: '-1', SenderIpRanges: ['192.0.2.0/24'] }],
    ['Set-HostedConnectionFilterPolicy', { Identity: 'Default', IPAllowList: { Add: ['192.0.2.0/24'], Remove: [] } }],
    ['New-TenantAllowBlockListSpoofItems', spoof],
    ['Set-AntiPhishPolicy', { Identity: 'Office365 AntiPhish Default', EnableSpoofIntelligence: false }],
    ['Set-DkimSigningConfig', { Identity: 'contoso.com', Enabled: true }],
    ['Set-ArcConfig', { Identity: 'Default', ArcTrustedSealers: ['scanner.example'] }],
    ['Set-OrganizationConfig', { RejectDirectSend: true }],
    ['Set-ProtectionAlert', { Identity: 'Phish delivered due to an ETR override', Disabled: true }],
  ])('lets %s through with %o', (cmdlet, parameters) => {
    expect(refusalOf(cmdlet, parameters)).toBe('is sent');
  });

  it.each<[string, JsonObject, string]>([
    ['New-InboundConnector', { ...inbound, Name: 'a/b' }, 'without a slash'],
    ['New-InboundConnector', { ...inbound, Name: 'x'.repeat(65) }, 'longer than 64'],
    [
      'New-InboundConnector',
      { ...inbound, SenderIPAddresses: ['192.0.0.0/16'] },
      '"192.0.0.0/16" and must be a public IPv4',
    ],
    ['New-InboundConnector', { ...inbound, SenderIPAddresses: ['2001:db8::1'] }, 'must be a public IPv4'],
    ['New-InboundConnector', { ...inbound, SenderDomains: ['a.*.com'] }, 'must be *, *.contoso.com'],
    ['New-InboundConnector', { ...inbound, RestrictDomainsToIPAddresses: true }, 'needs -SenderIPAddresses'],
    ['New-InboundConnector', { ...inbound, RestrictDomainsToCertificate: true }, 'needs -TlsSenderCertificateName'],
    ['New-InboundConnector', { ...inbound, TlsSenderCertificateName: 'x.example', RequireTls: false }, 'without TLS'],
    ['New-InboundConnector', { ...inbound, TlsSenderCertificateName: '*' }, 'a name in a certificate'],
    ['New-InboundConnector', { ...inbound, TreatMessagesAsInternal: true }, 'only own servers'],
    [
      'Set-InboundConnector',
      { Identity: 'x', RestrictDomainsToIPAddresses: true, RestrictDomainsToCertificate: true },
      'make two connectors',
    ],
    ['New-InboundConnector', { ...inbound, EFSkipIPs: ['192.0.2.1'], EFSkipLastIP: true }, 'exclude each other'],
    ['New-InboundConnector', { ...inbound, Comment: 'a\u0000b' }, 'control characters'],
    ['New-TransportRule', { ...rule, SetHeaderName: 'X-A', SetHeaderValue: 'a\r\nX-B: b' }, 'control characters'],
    ['New-OutboundConnector', { ...scanner, RecipientDomains: ['*'] }, 'exclude each other'],
    ['New-OutboundConnector', { ...scanner, SmartHosts: [] }, 'mail must go somewhere'],
    ['New-OutboundConnector', { ...scanner, UseMXRecord: true }, 'exclude each other'],
    ['New-OutboundConnector', { ...scanner, TlsDomain: 'x.example' }, 'no name is compared'],
    ['New-OutboundConnector', { ...scanner, TlsSettings: 'DomainValidation' }, 'needs -TlsDomain'],
    ['New-OutboundConnector', { ...outbound, AllAcceptedDomains: true }, 'for own servers'],
    ['Set-OutboundConnector', { Identity: 'x', LastValidationTimestamp: 'yesterday' }, 'must be a moment'],
    ['New-TransportRule', { Name: 'Nothing' }, 'at least one action'],
    ['New-TransportRule', { ...rule, SetHeaderName: 'X-A' }, 'belong together'],
    ['New-TransportRule', { ...rule, ExceptIfHeaderContainsWords: ['a'] }, 'belong together'],
    [
      'New-TransportRule',
      { ...rule, HeaderContainsMessageHeader: 'X A', HeaderContainsWords: ['a'] },
      'name of a header',
    ],
    ['New-TransportRule', { ...rule, SubjectContainsWords: ['a'] }, 'never sent with a parameter SubjectContainsWords'],
    ['New-TransportRule', { ...rule, Priority: -1 }, 'whole number from 0 to 299'],
    ['New-TransportRule', { ...rule, SetSCL: '10' }, 'must be one of -1'],
    ['New-TransportRule', { ...rule, FromAddressContainsWords: [' x'] }, 'without spaces at the ends'],
    ['New-TransportRule', { ...rule, RejectMessageEnhancedStatusCode: '5.1.1' }, 'from 5.7.900'],
    ['New-TransportRule', { ...rule, FromAddressMatchesPatterns: Array(90).fill('y'.repeat(100)) }, '8192 bytes'],
    ['Set-TransportRule', { Identity: 'x', Enabled: true }, 'never sent with a parameter Enabled'],
    ['Set-HostedConnectionFilterPolicy', { Identity: 'Default', IPAllowList: { Put: [] } }, 'Add and Remove'],
    ['Set-HostedConnectionFilterPolicy', { Identity: 'Default', IPAllowList: ['192.0.2.0/23'] }, 'from /24'],
    ['Set-HostedConnectionFilterPolicy', { Identity: 'Default', IPAllowList: Array(1274).fill('192.0.2.1') }, '1273'],
    ['New-InboundConnector', { ...inbound, EFSkipIPs: { Add: ['192.0.2.1'] } }, 'must be a list'],
    ['New-TenantAllowBlockListSpoofItems', { ...spoof, SendingInfrastructure: '65.99.255.0/25' }, 'exactly /24'],
    ['New-TenantAllowBlockListSpoofItems', { ...spoof, SendingInfrastructure: '*' }, 'everybody'],
    ['Remove-TenantAllowBlockListSpoofItems', { Identity: 'default', Ids: ['all'] }, 'an id like'],
    ['Set-ArcConfig', { Identity: 'Default', ArcTrustedSealers: [] }, 'needs -ArcTrustedSealers'],
    ['Set-OrganizationConfig', {}, 'needs -RejectDirectSend'],
    ['Set-OrganizationConfig', { RejectDirectSend: true, Name: 'x' }, 'never sent'],
  ])('refuses %s with %o, saying "%s"', (cmdlet, parameters, words) => {
    expect(refusalOf(cmdlet, parameters)).toContain(words);
  });

  it('lets nothing through that is not in the table, whatever it is given', () => {
    const names = [...cmdletTable.values()].flatMap(({ parameters }) => Object.keys(parameters));
    const call = fc.record({
      cmdlet: fc.oneof(fc.constantFrom(...cmdletTable.keys()), fc.string(), fc.constant('New-ManagementRole')),
      parameters: fc.dictionary(
        fc.oneof(fc.constantFrom(...names), fc.string(), fc.constant('__proto__')),
        fc.jsonValue(),
      ),
    });
    fc.assert(
      fc.property(call, ({ cmdlet, parameters }) => {
        const given = parameters as JsonObject;
        if (refusalOf(cmdlet, given) !== 'is sent') return;
        const sent = JSON.stringify(bodyOf({ cmdlet, parameters: given }));
        const body = JSON.parse(sent) as { CmdletInput: { CmdletName: string; Parameters: object } };
        const entry = cmdletTable.get(body.CmdletInput.CmdletName);
        expect(entry?.effect).toBe('write');
        for (const name of Object.keys(body.CmdletInput.Parameters)) {
          expect(Object.keys(entry?.parameters ?? {})).toContain(name);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('waits for no answer longer than Exchange works on it', () => {
    const fifteenMinutes = 15 * 60;
    for (const [cmdlet, { patience }] of cmdletTable) {
      expect(patience, cmdlet).toBeGreaterThan(0);
      expect(patience, cmdlet).toBeLessThanOrEqual(fifteenMinutes);
    }
  });

  it('lets null clear a text, a choice and a list, and never a flag', () => {
    const cleared = { Identity: 'x', Comment: null, TlsSettings: null, SmartHosts: null };
    expect(refusalOf('Set-OutboundConnector', cleared)).toBe('is sent');
    expect(refusalOf('Set-OutboundConnector', { Identity: 'x', Enabled: null })).toContain('true or false');
  });

  it('insists on an identity wherever an existing object is written', () => {
    const writes = [...cmdletTable].filter(
      ([, { effect, parameters }]) => effect === 'write' && 'Identity' in parameters,
    );
    expect(writes.length).toBeGreaterThan(15);
    for (const [cmdlet, { required }] of writes)
      expect([cmdlet, required]).toEqual([cmdlet, expect.arrayContaining(['Identity'])]);
  });

  it('names what is removed and set only by names that Exchange spells the same way', () => {
    for (const [cmdlet, { parameters }] of cmdletTable) {
      expect(cmdlet).toMatch(/^(?:Get|New|Set|Remove|Enable|Disable|Validate)-[A-Z]\w+$/u);
      for (const name of Object.keys(parameters)) expect(name).toMatch(/^[A-Z]\w+$/u);
    }
  });
});

describe('adapters/exchange-online/encode', () => {
  const call = {
    cmdlet: 'Set-HostedConnectionFilterPolicy',
    parameters: { Identity: 'Default', IPAllowList: { Add: ['192.0.2.0/24'], Remove: [] }, IPBlockList: [] },
  };

  it('sends additions to a list as a typed hashtable, and a whole list as a list', () => {
    expect(bodyOf(call)).toEqual({
      CmdletInput: {
        CmdletName: 'Set-HostedConnectionFilterPolicy',
        Parameters: {
          Identity: 'Default',
          IPAllowList: { '@odata.type': '#Exchange.GenericHashTable', Add: ['192.0.2.0/24'], Remove: [] },
          IPBlockList: [],
        },
      },
    });
  });

  it('is what PowerShell shows', () => {
    expect(powershell(call)).toBe(
      "Set-HostedConnectionFilterPolicy -Identity 'Default' " +
        "-IPAllowList @{ 'Add' = @('192.0.2.0/24'); 'Remove' = @() } -IPBlockList @()",
    );
  });
});

describe('adapters/exchange-online/least-privilege', () => {
  it('gives every cmdlet of the table to one role, to an administrator, or to the compliance service', () => {
    const { roles, leftToAdministrators, compliance } = leastPrivilege();
    const all = [...roles.flatMap(({ cmdlets }) => Object.keys(cmdlets)), ...leftToAdministrators, ...compliance];
    expect(all.toSorted()).toEqual([...cmdletTable.keys()].toSorted());
    expect(roles.map(({ parent }) => parent)).toEqual([
      'Message Tracking',
      'Remote and Accepted Domains',
      'Tenant AllowBlockList Manager',
      'Transport Hygiene',
      'Transport Rules',
      'View-Only Configuration',
    ]);
  });

  it('never asks for a role that could give itself more', () => {
    const wide =
      /Role Management|Organization Configuration|Mail Recipients|Impersonation|Import Export|Reset Password/u;
    expect(leastPrivilege().roles.filter(({ parent }) => wide.test(parent))).toEqual([]);
    expect(leastPrivilege().leftToAdministrators).toEqual([
      'Enable-OrganizationCustomization',
      'Set-OrganizationConfig',
    ]);
  });

  it('becomes a script that keeps what is sent and removes the rest', () => {
    const id = '0b0b0b0b-0000-4000-8000-0000000000e0';
    const lines = leastPrivilegeScript(id, id);
    expect(lines[0]).toContain(`-AppId '${id}'`);
    expect(lines).toContain("New-ManagementRole -Name 'Switchyard Transport Rules' -Parent 'Transport Rules'");
    expect(lines.some((line) => line.includes("-NotIn @('New-TransportRule'"))).toBe(true);
    expect(() => leastPrivilegeScript(id, "x'; Remove-Mailbox")).toThrow(TypeError);
  });
});
