import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { inboundProhibited } from '../exchange-error.ts';
import type { ExchangeObject } from '../exchange-object.ts';
import { isOn, listOf, textOf } from '../exchange-object.ts';
import { getObjects, isWhatIf, merged, namedObject, newObject, remove, save } from '../objects.ts';
import { choice, flag, list, type Parameters, required, text, writing } from '../parameter.ts';
import { checkInboundConnector } from '../rules/inbound-connector-rules.ts';
import { addressSpace } from '../smtp-domain.ts';

const KIND = 'inboundConnectors';

const settings: Parameters = {
  ...writing,
  AssociatedAcceptedDomains: list,
  CloudServicesMailEnabled: flag,
  Comment: text,
  ConnectorSource: choice('Default', 'HybridWizard', 'Migrated', 'AdminUI'),
  ConnectorType: choice('Partner', 'OnPremises'),
  EFSkipIPs: list,
  EFSkipLastIP: flag,
  EFSkipMailGateway: list,
  EFTestMode: flag,
  EFUsers: list,
  Enabled: flag,
  RequireTls: flag,
  RestrictDomainsToCertificate: flag,
  RestrictDomainsToIPAddresses: flag,
  ScanAndDropRecipients: list,
  SenderIPAddresses: list,
  TlsSenderCertificateName: text,
  TreatMessagesAsInternal: flag,
  TrustedOrganizations: list,
};

const defaults: ExchangeObject = {
  Enabled: true,
  ConnectorType: 'Partner',
  ConnectorSource: 'Default',
  Comment: null,
  SenderIPAddresses: [],
  SenderDomains: [],
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
};

export const inboundConnectorCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-InboundConnector',
    parameters: { Identity: text, ResultSize: text },
    run: (context, bound) => getObjects(context, KIND, bound),
  },
  {
    name: 'New-InboundConnector',
    parameters: { ...settings, Name: required(text), SenderDomains: required(list), ClientHostNames: list },
    run: (context, bound) => write(context, newObject(context, KIND, defaults, bound), isWhatIf(bound)),
  },
  {
    name: 'Set-InboundConnector',
    parameters: { ...settings, Identity: required(text), Name: text, SenderDomains: list },
    run: (context, bound) => {
      write(context, merged(namedObject(context, KIND, bound), bound), isWhatIf(bound));
      return [];
    },
  },
  {
    name: 'Remove-InboundConnector',
    parameters: { ...writing, Identity: required(text) },
    run: (context, bound) => {
      const object = namedObject(context, KIND, bound);
      if (!isWhatIf(bound)) remove(context, KIND, object);
      return [];
    },
  },
];

function write(context: CmdletContext, wanted: ExchangeObject, whatIf: boolean): ExchangeObject[] {
  const object = { ...wanted, SenderDomains: listOf(wanted, 'SenderDomains').map(addressSpace) };
  checkInboundConnector(context, object);
  if (whatIf) return [];
  if (isProhibited(context, object)) {
    // The service refuses, and yet leaves the object behind, switched off.
    if (!context.tenant.switches.developer) save(context, KIND, { ...object, Enabled: false });
    throw inboundProhibited();
  }
  return [save(context, KIND, object)];
}

/** Only connectors that were already enabled before the restriction keep working. */
function isProhibited({ tenant }: CmdletContext, object: ExchangeObject): boolean {
  const before = tenant.stores[KIND].find(textOf(object, 'Guid'));
  const wasEnabled = before !== null && isOn(before, 'Enabled') && before['ConnectorType'] === object['ConnectorType'];
  if (wasEnabled || (before !== null && !isOn(object, 'Enabled'))) return false;
  const { developer, onPremisesInboundAllowed } = tenant.switches;
  return developer || (!onPremisesInboundAllowed && object['ConnectorType'] === 'OnPremises');
}
