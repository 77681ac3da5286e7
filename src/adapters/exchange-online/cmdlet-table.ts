/** What may be sent as the value of a parameter; a list names the words to choose from. */
export type ParameterKind = 'text' | 'texts' | 'flag' | readonly string[];

export interface CmdletEntry {
  readonly effect: 'read' | 'write';
  readonly required: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterKind>>;
}

const connectorType = ['Partner', 'OnPremises'] as const;
const ruleMode = ['Audit', 'AuditAndNotify', 'Enforce'] as const;

const inbound = {
  Name: 'text',
  AssociatedAcceptedDomains: 'texts',
  CloudServicesMailEnabled: 'flag',
  Comment: 'text',
  ConnectorType: connectorType,
  EFSkipIPs: 'texts',
  EFSkipLastIP: 'flag',
  EFUsers: 'texts',
  Enabled: 'flag',
  RequireTls: 'flag',
  RestrictDomainsToCertificate: 'flag',
  RestrictDomainsToIPAddresses: 'flag',
  SenderDomains: 'texts',
  SenderIPAddresses: 'texts',
  TlsSenderCertificateName: 'text',
  TreatMessagesAsInternal: 'flag',
} as const;

const outbound = {
  Name: 'text',
  AllAcceptedDomains: 'flag',
  CloudServicesMailEnabled: 'flag',
  Comment: 'text',
  ConnectorType: connectorType,
  Enabled: 'flag',
  IsTransportRuleScoped: 'flag',
  RecipientDomains: 'texts',
  RouteAllMessagesViaOnPremises: 'flag',
  SmartHosts: 'texts',
  TlsDomain: 'text',
  TlsSettings: ['EncryptionOnly', 'CertificateValidation', 'DomainValidation'],
  UseMXRecord: 'flag',
} as const;

const identity = { Identity: 'text' } as const;
const identityAndConfirm = { ...identity, Confirm: 'flag' } as const;

function read(parameters: CmdletEntry['parameters']): CmdletEntry {
  return { effect: 'read', required: [], parameters };
}

function write(required: readonly string[], parameters: CmdletEntry['parameters']): CmdletEntry {
  return { effect: 'write', required, parameters: { ...parameters, Confirm: 'flag' } };
}

/** Everything that can be sent to Exchange Online. Whatever is not here cannot be sent at all. */
export const cmdletTable: ReadonlyMap<string, CmdletEntry> = new Map([
  ['Get-InboundConnector', read({ ...identity, ResultSize: ['Unlimited'] })],
  ['New-InboundConnector', write(['Name', 'SenderDomains'], inbound)],
  ['Set-InboundConnector', write(['Identity'], { ...identity, ...inbound })],
  ['Remove-InboundConnector', write(['Identity'], identityAndConfirm)],
  ['Get-OutboundConnector', read({ ...identity, ResultSize: ['Unlimited'] })],
  ['New-OutboundConnector', write(['Name'], outbound)],
  ['Set-OutboundConnector', write(['Identity'], { ...identity, ...outbound })],
  ['Remove-OutboundConnector', write(['Identity'], identityAndConfirm)],
  ['Get-TransportRule', read({ ...identity, ResultSize: ['Unlimited'] })],
  ['Enable-TransportRule', write(['Identity'], { ...identity, Mode: ruleMode })],
  ['Disable-TransportRule', write(['Identity'], identityAndConfirm)],
  ['Remove-TransportRule', write(['Identity'], identityAndConfirm)],
  ['Get-AcceptedDomain', read({ ...identity, ResultSize: ['Unlimited'] })],
  ['Get-OrganizationConfig', read({})],
]);
