import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';
import { runInThePast } from './run-in-the-past.ts';

const HYBRID = '0f6c3d1e-7a54-4c53-9b0a-6f1de6a2b9c4';

/** Hybrid, and damaged: somebody removed the way in from the company's servers, the way out is still there. */
export function seedFourthCoffee(world: World, tenant: Tenant): void {
  runInThePast(world, tenant, 'New-OutboundConnector', {
    Name: `Outbound to ${HYBRID}`,
    ConnectorType: 'OnPremises',
    ConnectorSource: 'HybridWizard',
    RecipientDomains: ['fourthcoffee.example', 'branch.fourthcoffee.example'],
    UseMXRecord: false,
    SmartHosts: 'mail.northwind.example',
    TlsSettings: 'CertificateValidation',
    CloudServicesMailEnabled: true,
  });
  runInThePast(world, tenant, 'Set-AcceptedDomain', {
    Identity: 'branch.fourthcoffee.example',
    DomainType: 'InternalRelay',
  });
}
