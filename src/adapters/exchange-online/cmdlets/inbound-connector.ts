import {
  apart,
  type CallRule,
  identity,
  keeps,
  named,
  needs,
  type Parameters,
  readAll,
  removal,
  saysSomething,
  unless,
  when,
  write,
} from './cmdlet-entry.ts';
import {
  certificateName,
  choice,
  domainName,
  domainPattern,
  flag,
  mailAddress,
  remark,
  senderAddresses,
  skippedAddresses,
  text,
  texts,
} from './parameter-kind.ts';

const role = 'Remote and Accepted Domains';

const settings: Parameters = {
  ...named,
  AssociatedAcceptedDomains: texts(domainName),
  CloudServicesMailEnabled: flag,
  Comment: text(remark),
  ConnectorType: choice('Partner', 'OnPremises'),
  EFSkipIPs: texts(skippedAddresses),
  EFSkipLastIP: flag,
  EFUsers: texts(mailAddress),
  Enabled: flag,
  RequireTls: flag,
  RestrictDomainsToCertificate: flag,
  RestrictDomainsToIPAddresses: flag,
  SenderDomains: texts(domainPattern),
  SenderIPAddresses: texts(senderAddresses),
  TlsSenderCertificateName: text(certificateName),
  TreatMessagesAsInternal: flag,
};

const partner = ['ConnectorType', 'Partner'] as const;
const ownServers = ['ConnectorType', 'OnPremises'] as const;
const nothingRefused =
  'exclude each other: on a connector for own servers the restriction refuses nothing. Send it to one of type Partner';
const onlyOwnServers =
  'exclude each other: only own servers may be trusted so. Leave it out, or send the type OnPremises';
const oneIdentity =
  'exclude each other on a Partner connector, which knows its senders by address or by certificate: make two connectors';

const contradictions: readonly CallRule[] = [
  apart(
    'RestrictDomainsToIPAddresses',
    'RestrictDomainsToCertificate',
    'must not restrict one connector together: make two connectors',
  ),
  apart('RestrictDomainsToIPAddresses', ownServers, nothingRefused),
  apart('RestrictDomainsToCertificate', ownServers, nothingRefused),
  apart('TreatMessagesAsInternal', 'CloudServicesMailEnabled', 'exclude each other: send one of them'),
  apart('TreatMessagesAsInternal', partner, onlyOwnServers),
  apart('CloudServicesMailEnabled', partner, onlyOwnServers),
  apart(
    'TlsSenderCertificateName',
    ['RequireTls', false],
    'exclude each other: without TLS there is no certificate. Send -RequireTls true',
  ),
  keeps('RestrictDomainsToIPAddresses', 'SenderIPAddresses', 'a restriction to no address refuses everybody'),
  keeps(
    'RestrictDomainsToCertificate',
    'TlsSenderCertificateName',
    'a restriction to no certificate refuses everybody',
  ),
  (parameters) =>
    Object.hasOwn(parameters, 'SenderDomains') && !saysSomething(parameters['SenderDomains'])
      ? '-SenderDomains must not be empty: name the domains, or * for all'
      : null,
  when(partner, apart('SenderIPAddresses', 'TlsSenderCertificateName', oneIdentity)),
];

/** Of a new connector everything is known: it is one for partners unless told otherwise. */
const completeness: readonly CallRule[] = [
  needs(
    'RestrictDomainsToIPAddresses',
    'SenderIPAddresses',
    'a restriction to no address refuses everybody. Name the addresses',
  ),
  needs(
    'RestrictDomainsToCertificate',
    'TlsSenderCertificateName',
    'a restriction to no certificate refuses everybody. Name the certificate',
  ),
  needs('TreatMessagesAsInternal', ownServers, 'a connector is for partners unless the type is sent'),
  needs('CloudServicesMailEnabled', ownServers, 'a connector is for partners unless the type is sent'),
  unless(ownServers, apart('SenderIPAddresses', 'TlsSenderCertificateName', oneIdentity)),
  // An existing one may have both, and an undo sets them back: with the last address skipped, the others say nothing.
  apart('EFSkipIPs', ['EFSkipLastIP', true], 'exclude each other: either the last address is skipped, or these are'),
];

export const inboundConnector = {
  'Get-InboundConnector': readAll(),
  'New-InboundConnector': write(role, ['Name', 'SenderDomains'], settings, [...contradictions, ...completeness]),
  'Set-InboundConnector': write(role, ['Identity'], { ...identity, ...settings }, contradictions),
  'Remove-InboundConnector': removal(role, ['Identity'], identity),
};
