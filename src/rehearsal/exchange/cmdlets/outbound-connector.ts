import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { type ExchangeObject, isOn, listOf, textOf } from '../exchange-object.ts';
import { getObjects, isWhatIf, merged, namedObject, newObject, remove, save } from '../objects.ts';
import { choice, date, flag, list, type Parameters, required, text, writing } from '../parameter.ts';
import { checkOutboundConnector, refuseWhileUsed } from '../rules/outbound-connector-rules.ts';
import { validateOutboundConnector } from '../validate-outbound-connector.ts';

const KIND = 'outboundConnectors';

const settings: Parameters = {
  ...writing,
  AllAcceptedDomains: flag,
  CloudServicesMailEnabled: flag,
  Comment: text,
  ConnectorSource: choice('Default', 'HybridWizard', 'Migrated', 'AdminUI'),
  ConnectorType: choice('Partner', 'OnPremises'),
  Enabled: flag,
  IsTransportRuleScoped: flag,
  MtaStsMode: choice('Opportunistic', 'None'),
  RecipientDomains: list,
  RouteAllMessagesViaOnPremises: flag,
  SenderRewritingEnabled: flag,
  SmartHosts: list,
  SmtpDaneMode: choice('Opportunistic', 'Mandatory', 'None'),
  TestMode: flag,
  TlsDomain: text,
  TlsSettings: choice('EncryptionOnly', 'CertificateValidation', 'DomainValidation'),
  UseMXRecord: flag,
};

const defaults: ExchangeObject = {
  Enabled: true,
  UseMXRecord: true,
  Comment: null,
  ConnectorType: 'Partner',
  ConnectorSource: 'Default',
  RecipientDomains: [],
  SmartHosts: [],
  TlsDomain: null,
  TlsSettings: null,
  IsTransportRuleScoped: false,
  RouteAllMessagesViaOnPremises: false,
  CloudServicesMailEnabled: false,
  AllAcceptedDomains: false,
  SenderRewritingEnabled: false,
  MtaStsMode: 'Opportunistic',
  SmtpDaneMode: 'Opportunistic',
  TestMode: false,
  ValidationRecipients: [],
  IsValidated: false,
  LastValidationTimestamp: null,
};

export const outboundConnectorCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-OutboundConnector',
    parameters: { Identity: text, ResultSize: text, IncludeTestModeConnectors: flag, IsTransportRuleScoped: flag },
    run: (context, bound) =>
      getObjects(context, KIND, bound).filter(
        (connector) =>
          (bound.get('IncludeTestModeConnectors') === true || !isOn(connector, 'TestMode')) &&
          (bound.get('IsTransportRuleScoped') !== true || isOn(connector, 'IsTransportRuleScoped')),
      ),
  },
  {
    name: 'New-OutboundConnector',
    parameters: { ...settings, Name: required(text), LinkForModifiedConnector: text },
    run: (context, bound) => write(context, newObject(context, KIND, defaults, bound), isWhatIf(bound)),
  },
  {
    name: 'Set-OutboundConnector',
    parameters: {
      ...settings,
      Identity: required(text),
      Name: text,
      IsValidated: flag,
      LastValidationTimestamp: date,
      ValidationRecipients: list,
    },
    run: (context, bound) => {
      const before = namedObject(context, KIND, bound);
      const object = merged(before, bound);
      if (losesItsRule(before, object)) refuseWhileUsed(context, before);
      write(context, object, isWhatIf(bound));
      return [];
    },
  },
  {
    name: 'Remove-OutboundConnector',
    parameters: { ...writing, Identity: required(text) },
    run: (context, bound) => {
      const object = namedObject(context, KIND, bound);
      refuseWhileUsed(context, object);
      if (!isWhatIf(bound)) remove(context, KIND, object);
      return [];
    },
  },
  {
    name: 'Validate-OutboundConnector',
    parameters: { ...writing, Identity: required(text), Recipients: required(list) },
    run: (context, bound) => {
      const recipients = bound.get('Recipients');
      const connector = namedObject(context, KIND, bound);
      return validateOutboundConnector(context, connector, Array.isArray(recipients) ? recipients : []);
    },
  },
];

function write(context: CmdletContext, object: ExchangeObject, whatIf: boolean): ExchangeObject[] {
  const bare = {
    ...object,
    RecipientDomains: listOf(object, 'RecipientDomains').map((entry) =>
      entry.replace(/^smtp:/iu, '').replace(/;\d+$/u, ''),
    ),
  };
  checkOutboundConnector(context, bare);
  return whatIf ? [] : [save(context, KIND, bare)];
}

function losesItsRule(before: ExchangeObject, after: ExchangeObject): boolean {
  const isOff = isOn(before, 'Enabled') && !isOn(after, 'Enabled');
  const isUnscoped = isOn(before, 'IsTransportRuleScoped') && !isOn(after, 'IsTransportRuleScoped');
  return isOff || isUnscoped || textOf(before, 'Name') !== textOf(after, 'Name');
}
