import { z } from 'zod/v4';
import {
  addresses,
  domainName,
  flag,
  guid,
  list,
  listOf,
  lowerList,
  lowerWord,
  name,
  optionalCount,
  word,
} from './forms.ts';

export const acceptedDomain = z.object({
  Identity: name,
  DomainName: domainName,
  DomainType: z.enum(['Authoritative', 'InternalRelay', 'ExternalRelay']),
  Default: flag,
  MatchSubDomains: flag,
  InitialDomain: flag,
  SendingFromDomainDisabled: flag,
  SendingToDomainDisabled: flag,
});

export const remoteDomain = z.object({
  Identity: name,
  Name: name,
  DomainName: domainName,
  AllowedOOFType: word,
  AutoReplyEnabled: flag,
  AutoForwardEnabled: flag,
});

export const organizationConfig = z.object({ Identity: name, IsDehydrated: flag, RejectDirectSend: flag });

export const connectionFilter = z.object({
  Identity: name,
  IsDefault: flag,
  IPAllowList: addresses,
  IPBlockList: addresses,
  EnableSafeList: flag,
});

export const contentFilter = z.object({
  Identity: name,
  IsDefault: flag,
  SpamAction: word,
  HighConfidenceSpamAction: word,
  PhishSpamAction: word,
  HighConfidencePhishAction: word,
  BulkSpamAction: word,
  AllowedSenders: lowerList,
  AllowedSenderDomains: lowerList,
});

export const spoofItem = z.object({
  Identity: guid,
  SpoofedUser: domainName,
  SendingInfrastructure: domainName,
  SpoofType: z.enum(['External', 'Internal']),
  Action: z.enum(['Allow', 'Block']),
});

export const antiPhishPolicy = z.object({
  Identity: name,
  IsDefault: flag,
  Enabled: flag,
  EnableSpoofIntelligence: flag,
  AuthenticationFailAction: word,
  HonorDmarcPolicy: flag,
  EnableUnauthenticatedSender: flag,
  EnableViaTag: flag,
});

export const dkimSigningConfig = z.object({
  Identity: name,
  Domain: domainName,
  Enabled: flag,
  Status: word,
  Selector1CNAME: lowerWord,
  Selector2CNAME: lowerWord,
  Selector1KeySize: optionalCount,
  Selector2KeySize: optionalCount,
});

/** The sealers come as a list, or as one text with commas. */
export const arcConfig = z.object({
  Identity: name,
  ArcTrustedSealers: z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',') : value),
    listOf((value) => value.toLowerCase()),
  ),
});

export const protectionAlert = z.object({
  Identity: name,
  Name: name,
  Disabled: flag,
  Severity: word,
  NotificationEnabled: flag,
  NotifyUser: list,
  IsSystemRule: flag,
});
