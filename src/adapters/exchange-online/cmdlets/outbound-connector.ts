import type { Json } from '../../../core/json.ts';
import {
  apart,
  type CallRule,
  identity,
  keeps,
  named,
  needs,
  type Parameters,
  read,
  removal,
  saysSomething,
  when,
  write,
} from './cmdlet-entry.ts';
import {
  certificateName,
  choice,
  domainPattern,
  flag,
  mailAddress,
  moment,
  remark,
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
  Comment: text(remark),
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

const oneScope =
  'exclude each other: a connector is chosen by rules, by recipient domains, or for all own domains. Send one of them';
const ownServers = 'exclude each other: it is for own servers. Leave it out, or send the type OnPremises';
const unlessTold = 'a connector is for partners unless the type is sent';
const noNameCompared = 'exclude each other: no name is compared. Send -TlsSettings DomainValidation with it';
const partner = ['ConnectorType', 'Partner'] as const;
const onPremises = ['ConnectorType', 'OnPremises'] as const;

const contradictions: readonly CallRule[] = [
  apart('IsTransportRuleScoped', 'RecipientDomains', oneScope),
  apart('IsTransportRuleScoped', 'AllAcceptedDomains', oneScope),
  apart('AllAcceptedDomains', 'RecipientDomains', oneScope),
  apart('UseMXRecord', 'SmartHosts', 'exclude each other: mail goes by MX or to a smart host. Send one of them'),
  apart('UseMXRecord', onPremises, 'exclude each other: own servers are reached by smart host. Send -SmartHosts'),
  apart('RouteAllMessagesViaOnPremises', partner, ownServers),
  apart('CloudServicesMailEnabled', partner, ownServers),
  apart('AllAcceptedDomains', partner, ownServers),
  apart('TlsDomain', ['TlsSettings', 'EncryptionOnly'], noNameCompared),
  apart('TlsDomain', ['TlsSettings', 'CertificateValidation'], noNameCompared),
  apart('TlsDomain', ['TlsSettings', null], noNameCompared),
  keeps(['TlsSettings', 'DomainValidation'], 'TlsDomain', 'a name must be compared with something'),
  keeps(['UseMXRecord', false], 'SmartHosts', 'mail must go somewhere'),
];

/** Of a new connector everything is known: what is not sent has its default. */
const completeness: readonly CallRule[] = [
  (parameters) =>
    ['IsTransportRuleScoped', 'RecipientDomains', 'AllAcceptedDomains'].some((name) => saysSomething(parameters[name]))
      ? null
      : 'It needs exactly one scope: -IsTransportRuleScoped true, or -RecipientDomains, or -AllAcceptedDomains true',
  needs(['UseMXRecord', false], 'SmartHosts', 'mail must go somewhere. Name the host'),
  needs('SmartHosts', ['UseMXRecord', false], 'the MX record is used unless told otherwise'),
  needs('TlsDomain', ['TlsSettings', 'DomainValidation'], 'no name is compared otherwise'),
  needs(['TlsSettings', 'DomainValidation'], 'TlsDomain', 'a name must be compared with something'),
  needs(onPremises, ['UseMXRecord', false], 'own servers are reached by smart host, and the default is MX'),
  needs('RouteAllMessagesViaOnPremises', onPremises, unlessTold),
  needs('CloudServicesMailEnabled', onPremises, unlessTold),
  needs('AllAcceptedDomains', onPremises, unlessTold),
  when(onPremises, (parameters, now) =>
    isForEverybody(parameters['RecipientDomains'])
      ? needs(
          'RecipientDomains',
          'RouteAllMessagesViaOnPremises',
          'own servers take mail for everybody (*) only when all mail goes through them. Name the domains instead',
        )(parameters, now)
      : null,
  ),
];

export const outboundConnector = {
  'Get-OutboundConnector': read({ ...identity, IncludeTestModeConnectors: flag, ResultSize: wholeList }),
  'New-OutboundConnector': write(role, ['Name'], settings, [...contradictions, ...completeness]),
  'Set-OutboundConnector': write(role, ['Identity'], { ...identity, ...settings, ...validated }, contradictions),
  'Remove-OutboundConnector': removal(role, ['Identity'], identity),
  // It changes nothing and yet sends mail, so nobody is written to twice.
  'Validate-OutboundConnector': read(
    { ...identity, Recipients: texts(mailAddress, 20) },
    { role, required: ['Identity', 'Recipients'], patience: VALIDATION_PATIENCE, isRepeatable: false },
  ),
};

function isForEverybody(domains: Json | undefined): boolean {
  return Array.isArray(domains) && domains.some((one) => /^(?:smtp:)?\*(?:;\d+)?$/iu.test(String(one)));
}
