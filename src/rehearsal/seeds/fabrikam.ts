import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';
import { runInThePast } from './run-in-the-past.ts';

const OLD_GATE = ['192.0.2.0/24'];

/** MX at an old gateway, what two attempts to set it up have left behind, and a signature service of its own. */
export function seedFabrikam(world: World, tenant: Tenant): void {
  const run = (cmdlet: string, parameters: Record<string, unknown>): void =>
    runInThePast(world, tenant, cmdlet, parameters);
  run('New-InboundConnector', {
    Name: 'OldGate inbound',
    ConnectorType: 'Partner',
    SenderDomains: '*',
    SenderIPAddresses: OLD_GATE,
    RequireTls: true,
    EFSkipLastIP: true,
    ConnectorSource: 'AdminUI',
  });
  run('New-InboundConnector', {
    Name: 'OldGate inbound (test)',
    ConnectorType: 'Partner',
    SenderDomains: 'fabrikam.com',
    SenderIPAddresses: ['192.0.2.10'],
    Enabled: false,
    Comment: 'Do not delete, ask Marta',
  });
  run('New-InboundConnector', {
    Name: 'Inkwell Signatures - return',
    ConnectorType: 'OnPremises',
    SenderDomains: '*',
    TlsSenderCertificateName: 'fabrikam.inkwell.example',
    Comment: 'Created by Inkwell Signatures',
  });
  run('New-OutboundConnector', {
    Name: 'OldGate outbound',
    ConnectorType: 'Partner',
    RecipientDomains: '*',
    UseMXRecord: false,
    SmartHosts: 'relay.oldgate.example',
    TlsSettings: 'EncryptionOnly',
    Enabled: false,
  });
  run('New-OutboundConnector', {
    Name: 'Inkwell Signatures - send',
    ConnectorType: 'OnPremises',
    IsTransportRuleScoped: true,
    UseMXRecord: false,
    SmartHosts: 'smtp.inkwell.example',
    TlsSettings: 'DomainValidation',
    TlsDomain: '*.inkwell.example',
    Comment: 'Created by Inkwell Signatures',
  });
  seedRules(run);
  tenant.switches.onPremisesInboundAllowed = false;
}

function seedRules(run: (cmdlet: string, parameters: Record<string, unknown>) => void): void {
  run('New-TransportRule', {
    Name: 'OldGate: bypass spam filter',
    SenderIpRanges: OLD_GATE,
    SetSCL: -1,
    Comments: 'From the OldGate set-up guide',
  });
  run('New-TransportRule', {
    Name: 'OldGate: refuse direct mail',
    FromScope: 'NotInOrganization',
    ExceptIfSenderIpRanges: OLD_GATE,
    RejectMessageReasonText: 'Please send through our mail gateway.',
    Enabled: false,
  });
  run('New-TransportRule', {
    Name: 'Inkwell Signatures: add signature',
    FromScope: 'InOrganization',
    ExceptIfHeaderContainsMessageHeader: 'X-Inkwell-Signed',
    ExceptIfHeaderContainsWords: 'true',
    RouteMessageOutboundConnector: 'Inkwell Signatures - send',
    StopRuleProcessing: true,
    Comments: 'Created by Inkwell Signatures',
  });
}
