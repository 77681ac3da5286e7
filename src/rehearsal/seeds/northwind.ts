import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';
import { runInThePast } from './run-in-the-past.ts';

const HYBRID = '5b1f7a52-93f4-4f0e-9a64-2c51b1c8a7d3';

/** What the hybrid wizard made between Office 365 and the company's own servers. */
export function seedNorthwind(world: World, tenant: Tenant): void {
  runInThePast(world, tenant, 'New-InboundConnector', {
    Name: `Inbound from ${HYBRID}`,
    ConnectorType: 'OnPremises',
    ConnectorSource: 'HybridWizard',
    SenderDomains: '*',
    RequireTls: true,
    TlsSenderCertificateName: 'mail.northwind.example',
    CloudServicesMailEnabled: true,
  });
  runInThePast(world, tenant, 'New-OutboundConnector', {
    Name: `Outbound to ${HYBRID}`,
    ConnectorType: 'OnPremises',
    ConnectorSource: 'HybridWizard',
    RecipientDomains: 'northwind.example',
    UseMXRecord: false,
    SmartHosts: 'mail.northwind.example',
    TlsSettings: 'DomainValidation',
    TlsDomain: 'mail.northwind.example',
    CloudServicesMailEnabled: true,
  });
}
