import { PARTNER, ROUTED } from './fidelity/wire.ts';

type Facts = Readonly<Record<string, unknown>>;

/** A cmdlet, what must be there before it, and what it is called with. */
export interface Sample {
  readonly cmdlet: string;
  readonly parameters: Facts;
  readonly before?: readonly (readonly [string, Facts])[];
  /** Runs in an organisation that was never customised. */
  readonly isDehydrated?: true;
}

const ID = 'a1b2c3d4-0000-4000-8000-000000000007';
const BOX = 'info@contoso.com';
const RULE = { Name: 'rule', SetSCL: -1 };
const ROUTE = ['New-OutboundConnector', ROUTED] as const;
const GATE = ['New-InboundConnector', PARTNER] as const;
const RULED = ['New-TransportRule', RULE] as const;
const ENTRY = { ListType: 'Sender', Entries: ['a@x.example'] };
const ENTERED = ['New-TenantAllowBlockListItems', { ...ENTRY, Block: true, Notes: 'n' }] as const;
/** What a spoof pair is made of. */
export const SPOOF = {
  Identity: 'default',
  SpoofedUser: '*',
  SendingInfrastructure: 'x.example',
  SpoofType: 'Internal',
  Action: 'Allow',
};

const ALERT = {
  Name: 'own',
  Category: 'MailFlow',
  NotifyUser: ['a@contoso.com'],
  ThreatType: 'Activity',
  AggregationType: 'None',
};
const ALERTED = ['New-ProtectionAlert', ALERT] as const;

/** One call of every cmdlet that changes something. */
export const WRITES: readonly Sample[] = [
  { cmdlet: 'New-InboundConnector', parameters: PARTNER },
  { cmdlet: 'Set-InboundConnector', parameters: { Identity: 'gate', RequireTls: false }, before: [GATE] },
  { cmdlet: 'Remove-InboundConnector', parameters: { Identity: 'gate' }, before: [GATE] },
  { cmdlet: 'New-OutboundConnector', parameters: ROUTED },
  { cmdlet: 'Set-OutboundConnector', parameters: { Identity: 'out', Comment: 'c' }, before: [ROUTE] },
  { cmdlet: 'Remove-OutboundConnector', parameters: { Identity: 'out' }, before: [ROUTE] },
  { cmdlet: 'New-TransportRule', parameters: RULE },
  { cmdlet: 'Set-TransportRule', parameters: { Identity: 'rule', Comments: 'c' }, before: [RULED] },
  {
    cmdlet: 'Enable-TransportRule',
    parameters: { Identity: 'rule' },
    before: [['New-TransportRule', { ...RULE, Enabled: false }]],
  },
  { cmdlet: 'Disable-TransportRule', parameters: { Identity: 'rule' }, before: [RULED] },
  { cmdlet: 'Remove-TransportRule', parameters: { Identity: 'rule' }, before: [RULED] },
  { cmdlet: 'Set-AcceptedDomain', parameters: { Identity: 'contoso.com', DomainType: 'InternalRelay' } },
  { cmdlet: 'Set-RemoteDomain', parameters: { Identity: 'Default', AutoReplyEnabled: false } },
  { cmdlet: 'Set-OrganizationConfig', parameters: { RejectDirectSend: true } },
  { cmdlet: 'Set-HostedConnectionFilterPolicy', parameters: { Identity: 'Default', IPAllowList: ['65.99.255.1'] } },
  { cmdlet: 'Set-HostedContentFilterPolicy', parameters: { Identity: 'Default', BulkThreshold: 6 } },
  {
    cmdlet: 'Set-AntiPhishPolicy',
    parameters: { Identity: 'Office365 AntiPhish Default', EnableSpoofIntelligence: false },
  },
  { cmdlet: 'New-TenantAllowBlockListSpoofItems', parameters: SPOOF },
  { cmdlet: 'New-TenantAllowBlockListItems', parameters: { ...ENTRY, Block: true } },
  { cmdlet: 'Set-TenantAllowBlockListItems', parameters: { ...ENTRY, Allow: true }, before: [ENTERED] },
  { cmdlet: 'Remove-TenantAllowBlockListItems', parameters: ENTRY, before: [ENTERED] },
  { cmdlet: 'New-DkimSigningConfig', parameters: { DomainName: 'sales.contoso.com', Enabled: false } },
  { cmdlet: 'Set-DkimSigningConfig', parameters: { Identity: 'contoso.com', BodyCanonicalization: 'Simple' } },
  { cmdlet: 'Set-TenantAllowBlockListSpoofItems', parameters: { Identity: 'default', Ids: ['i'], Action: 'Block' } },
  { cmdlet: 'Remove-TenantAllowBlockListSpoofItems', parameters: { Identity: 'default', Ids: ['i'] } },
  { cmdlet: 'New-ProtectionAlert', parameters: ALERT },
  { cmdlet: 'Set-ProtectionAlert', parameters: { Identity: 'own', Disabled: true }, before: [ALERTED] },
  { cmdlet: 'Remove-ProtectionAlert', parameters: { Identity: 'own' }, before: [ALERTED] },
  { cmdlet: 'Set-ArcConfig', parameters: { Identity: 'Default', ArcTrustedSealers: ['a.example'] } },
  { cmdlet: 'Set-TransportConfig', parameters: { SmtpClientAuthenticationDisabled: false } },
  { cmdlet: 'New-ServicePrincipal', parameters: { AppId: ID, ObjectId: ID, DisplayName: 'bot' } },
  { cmdlet: 'Enable-OrganizationCustomization', parameters: {}, isDehydrated: true },
  { cmdlet: 'Test-Message', parameters: { Recipients: [BOX], SendReportTo: BOX, TransportRules: true } },
];

const GETS = [
  'AcceptedDomain',
  'AntiPhishPolicy',
  'ArcConfig',
  'DkimSigningConfig',
  'HostedConnectionFilterPolicy',
  'HostedContentFilterPolicy',
  'InboundConnector',
  'MessageTrace',
  'MessageTraceV2',
  'OrganizationConfig',
  'OutboundConnector',
  'ProtectionAlert',
  'RemoteDomain',
  'SpoofIntelligenceInsight',
  'TenantAllowBlockListSpoofItems',
  'TransportConfig',
  'TransportRule',
  'TransportRuleAction',
  'TransportRulePredicate',
];

/** One call of every cmdlet that changes nothing. */
export const READS: readonly Sample[] = [
  ...GETS.map((noun) => ({ cmdlet: `Get-${noun}`, parameters: {} })),
  { cmdlet: 'Get-TenantAllowBlockListItems', parameters: { ListType: 'Sender' }, before: [ENTERED] },
  { cmdlet: 'Get-MessageTraceDetailV2', parameters: { MessageTraceId: ID, RecipientAddress: BOX } },
  { cmdlet: 'Validate-OutboundConnector', parameters: { Identity: 'out', Recipients: [BOX] }, before: [ROUTE] },
];
