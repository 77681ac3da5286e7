import { apart, type CallRule, identity, named, needs, type Parameters, read, write } from './cmdlet-entry.ts';
import {
  certificateName,
  choice,
  domainPattern,
  flag,
  mailAddress,
  moment,
  smartHost,
  text,
  texts,
  wholeList,
} from './parameter-kind.ts';

const role = 'Remote and Accepted Domains';
/** Each recipient and each smart host is tried in turn. */
const VALIDATION_PATIENCE = 300;

const settings: Parameters = {
  ...named,
  AllAcceptedDomains: flag,
  CloudServicesMailEnabled: flag,
  Comment: text(),
  ConnectorType: choice('Partner', 'OnPremises'),
  Enabled: flag,
  IsTransportRuleScoped: flag,
  MtaStsMode: choice('Opportunistic', 'None'),
  RecipientDomains: texts(domainPattern),
  RouteAllMessagesViaOnPremises: flag,
  SmartHosts: texts(smartHost),
  SmtpDaneMode: choice('Opportunistic', 'Mandatory', 'None'),
  TestMode: flag,
  TlsDomain: text(certificateName),
  TlsSettings: choice('EncryptionOnly', 'CertificateValidation', 'DomainValidation'),
  UseMXRecord: flag,
};

const validated: Parameters = {
  IsValidated: flag,
  LastValidationTimestamp: moment,
  ValidationRecipients: texts(mailAddress),
};

const oneScope = 'exclude each other: a connector is chosen by rules, by recipient domains, or for all own domains';
const ownServers = 'exclude each other: it is for own servers';
const partner = ['ConnectorType', 'Partner'] as const;

const contradictions: readonly CallRule[] = [
  apart('IsTransportRuleScoped', 'RecipientDomains', oneScope),
  apart('IsTransportRuleScoped', 'AllAcceptedDomains', oneScope),
  apart('AllAcceptedDomains', 'RecipientDomains', oneScope),
  apart('UseMXRecord', 'SmartHosts', 'exclude each other: mail goes by MX or to a smart host'),
  apart('UseMXRecord', ['ConnectorType', 'OnPremises'], 'exclude each other: own servers are reached by smart host'),
  apart('RouteAllMessagesViaOnPremises', partner, ownServers),
  apart('CloudServicesMailEnabled', partner, ownServers),
  apart('AllAcceptedDomains', partner, ownServers),
  apart('TlsDomain', ['TlsSettings', 'EncryptionOnly'], 'exclude each other: no name is compared'),
  apart('TlsDomain', ['TlsSettings', 'CertificateValidation'], 'exclude each other: no name is compared'),
];

const completeness: readonly CallRule[] = [
  needs(['UseMXRecord', false], 'SmartHosts', 'mail must go somewhere'),
  needs('SmartHosts', ['UseMXRecord', false], 'the MX record is used unless told otherwise'),
  needs('TlsDomain', ['TlsSettings', 'DomainValidation'], 'no name is compared otherwise'),
  needs(['TlsSettings', 'DomainValidation'], 'TlsDomain', 'a name must be compared with something'),
];

export const outboundConnector = {
  'Get-OutboundConnector': read({ ...identity, IncludeTestModeConnectors: flag, ResultSize: wholeList }),
  'New-OutboundConnector': write(role, ['Name'], settings, [...contradictions, ...completeness]),
  'Set-OutboundConnector': write(role, ['Identity'], { ...identity, ...settings, ...validated }, contradictions),
  'Remove-OutboundConnector': write(role, ['Identity'], identity),
  'Validate-OutboundConnector': read(
    { ...identity, Recipients: texts(mailAddress, 20) },
    { role, required: ['Identity', 'Recipients'], patience: VALIDATION_PATIENCE },
  ),
};
