import { apart, type CallRule, identity, named, needs, type Parameters, readAll, write } from './cmdlet-entry.ts';
import {
  addressBlock,
  addressOrRange,
  certificateName,
  choice,
  domainName,
  domainPattern,
  flag,
  mailAddress,
  text,
  texts,
} from './parameter-kind.ts';

const role = 'Remote and Accepted Domains';

const settings: Parameters = {
  ...named,
  AssociatedAcceptedDomains: texts(domainName),
  CloudServicesMailEnabled: flag,
  Comment: text(),
  ConnectorType: choice('Partner', 'OnPremises'),
  EFSkipIPs: texts(addressOrRange),
  EFSkipLastIP: flag,
  EFUsers: texts(mailAddress),
  Enabled: flag,
  RequireTls: flag,
  RestrictDomainsToCertificate: flag,
  RestrictDomainsToIPAddresses: flag,
  SenderDomains: texts(domainPattern),
  SenderIPAddresses: texts(addressBlock),
  TlsSenderCertificateName: text(certificateName),
  TreatMessagesAsInternal: flag,
};

const contradictions: readonly CallRule[] = [
  apart(
    'RestrictDomainsToIPAddresses',
    'RestrictDomainsToCertificate',
    'must not restrict one connector together: make two connectors',
  ),
  apart('TreatMessagesAsInternal', 'CloudServicesMailEnabled', 'exclude each other'),
  apart('TreatMessagesAsInternal', ['ConnectorType', 'Partner'], 'exclude each other: only own servers are internal'),
  apart('CloudServicesMailEnabled', ['ConnectorType', 'Partner'], 'exclude each other: it is for own servers'),
  apart('TlsSenderCertificateName', ['RequireTls', false], 'exclude each other: without TLS there is no certificate'),
  apart('EFSkipIPs', ['EFSkipLastIP', true], 'exclude each other: either the last address is skipped, or these are'),
];

const completeness: readonly CallRule[] = [
  needs('RestrictDomainsToIPAddresses', 'SenderIPAddresses', 'a restriction to no address refuses everybody'),
  needs(
    'RestrictDomainsToCertificate',
    'TlsSenderCertificateName',
    'a restriction to no certificate refuses everybody',
  ),
];

export const inboundConnector = {
  'Get-InboundConnector': readAll(),
  'New-InboundConnector': write(role, ['Name', 'SenderDomains'], settings, [...contradictions, ...completeness]),
  'Set-InboundConnector': write(role, ['Identity'], { ...identity, ...settings }, contradictions),
  'Remove-InboundConnector': write(role, ['Identity'], identity),
};
