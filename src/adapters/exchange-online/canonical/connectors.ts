import { z } from 'zod/v4';
import {
  addresses,
  certificateWord,
  connectorSource,
  domainPatterns,
  flag,
  guid,
  lowerList,
  lowerWord,
  moment,
  name,
  word,
  words,
} from './forms.ts';

const connector = {
  Identity: name,
  Name: name,
  Guid: guid,
  Enabled: z.boolean(),
  ConnectorType: z.enum(['Partner', 'OnPremises']),
  ConnectorSource: connectorSource,
  Comment: words,
  CloudServicesMailEnabled: flag,
};

export const inboundConnector = z.object({
  ...connector,
  SenderDomains: domainPatterns,
  SenderIPAddresses: addresses,
  AssociatedAcceptedDomains: lowerList,
  RequireTls: flag,
  RestrictDomainsToIPAddresses: flag,
  RestrictDomainsToCertificate: flag,
  TlsSenderCertificateName: certificateWord,
  TreatMessagesAsInternal: flag,
  EFSkipLastIP: flag,
  EFSkipIPs: addresses,
  EFUsers: lowerList,
  EFTestMode: flag,
});

export const outboundConnector = z.object({
  ...connector,
  RecipientDomains: domainPatterns,
  SmartHosts: lowerList,
  UseMXRecord: flag,
  TlsSettings: word,
  TlsDomain: lowerWord,
  IsTransportRuleScoped: flag,
  AllAcceptedDomains: flag,
  RouteAllMessagesViaOnPremises: flag,
  MtaStsMode: word,
  SmtpDaneMode: word,
  TestMode: flag,
  ValidationRecipients: lowerList,
  IsValidated: flag,
  LastValidationTimestamp: moment,
});
