import { alertDefaults } from '../compliance/protection-alert.ts';
import { newDkimConfig } from '../exchange/cmdlets/dkim.ts';
import { commonProperties } from '../exchange/common-properties.ts';
import { type ExchangeObject, type ExchangeValue, textOf } from '../exchange/exchange-object.ts';
import type { Parameter, Parameters } from '../exchange/parameter.ts';
import { antiPhishSettings } from '../exchange/parameters/anti-phish-parameters.ts';
import { contentFilterSettings } from '../exchange/parameters/content-filter-parameters.ts';
import { remoteDomainSettings } from '../exchange/parameters/remote-domain-parameters.ts';
import type { ObjectKind, Tenant } from '../exchange/tenant.ts';

const AT_ONCE = { visible: 0, effective: 0 };

const ANTI_PHISH: ExchangeObject = {
  ...blank(antiPhishSettings),
  Enabled: true,
  IsDefault: true,
  EnableSpoofIntelligence: true,
  AuthenticationFailAction: 'MoveToJmf',
  SpoofQuarantineTag: 'DefaultFullAccessPolicy',
  HonorDmarcPolicy: true,
  DmarcRejectAction: 'Reject',
  DmarcQuarantineAction: 'Quarantine',
  EnableViaTag: true,
  EnableUnauthenticatedSender: true,
  EnableSuspiciousSafetyTip: false,
  ExcludedSubDomains: [],
  EnableMailboxIntelligence: true,
  PhishThresholdLevel: 1,
  ImpersonationProtectionState: 'Automatic',
  MailboxIntelligenceProtectionAction: 'NoAction',
  TargetedDomainProtectionAction: 'NoAction',
  TargetedUserProtectionAction: 'NoAction',
  RecommendedPolicyType: 'Custom',
};

const CONTENT_FILTER: ExchangeObject = {
  ...blank(contentFilterSettings),
  IsDefault: true,
  SpamAction: 'MoveToJmf',
  HighConfidenceSpamAction: 'MoveToJmf',
  PhishSpamAction: 'MoveToJmf',
  HighConfidencePhishAction: 'Quarantine',
  BulkSpamAction: 'MoveToJmf',
  BulkThreshold: 7,
  MarkAsSpamBulkMail: 'On',
  ZapEnabled: true,
  SpamZapEnabled: true,
  PhishZapEnabled: true,
  IntraOrgFilterState: 'Default',
  InlineSafetyTipsEnabled: true,
  QuarantineRetentionPeriod: 15,
  TestModeAction: 'None',
  FalsePositiveAdditionalRecipients: [],
  RecommendedPolicyType: 'Custom',
};

const REMOTE_DOMAIN: ExchangeObject = {
  ...blank(remoteDomainSettings),
  DomainName: '*',
  IsInternal: false,
  AllowedOOFType: 'External',
  AutoReplyEnabled: true,
  AutoForwardEnabled: true,
  DeliveryReportEnabled: true,
  NDREnabled: true,
  MeetingForwardNotificationEnabled: true,
  DisplaySenderName: true,
  TNEFEnabled: null,
  ContentType: 'MimeHtmlText',
  LineWrapSize: 'Unlimited',
};

const BUILT_IN_ALERTS = [
  { name: 'Phish delivered due to an ETR override', category: 'ThreatManagement', severity: 'Informational' },
  { name: 'Phish delivered due to an IP allow policy', category: 'ThreatManagement', severity: 'Informational' },
  { name: 'Suspicious connector activity', category: 'ThreatManagement', severity: 'High' },
  { name: 'Messages have been delayed', category: 'MailFlow', severity: 'High' },
] as const;

/** What Microsoft puts into every organisation, with the domains' signing configurations. */
export function giveUsualPolicies(tenant: Tenant, born: number, hasSigningKeys: boolean): void {
  const put = (kind: ObjectKind, name: string, properties: ExchangeObject): void => {
    const object = { ...properties, ...commonProperties(kind, tenant, name, born) };
    tenant.stores[kind].put(textOf(object, 'Guid'), object, born, AT_ONCE);
  };
  put('connectionFilters', 'Default', {
    IsDefault: true,
    IPAllowList: [],
    IPBlockList: [],
    EnableSafeList: false,
    DirectoryBasedEdgeBlockMode: 'Default',
  });
  put('antiPhishPolicies', 'Office365 AntiPhish Default', ANTI_PHISH);
  put('antiPhishPolicies', 'Standard Preset Security Policy1700000000001', {
    ...ANTI_PHISH,
    IsDefault: false,
    PhishThresholdLevel: 3,
    RecommendedPolicyType: 'Standard',
  });
  put('contentFilters', 'Default', CONTENT_FILTER);
  put('remoteDomains', 'Default', REMOTE_DOMAIN);
  put('arcConfigs', 'Default', { ArcTrustedSealers: [] });
  for (const { name, category, severity } of BUILT_IN_ALERTS) {
    const alert = { Category: category, Severity: severity, IsSystemRule: true, CreatedBy: 'Microsoft' };
    put('protectionAlerts', name, { ...alertDefaults, AggregationType: 'None', ...alert });
  }
  giveSigning(tenant, born, hasSigningKeys);
}

/** Signing is on for the initial domain, off for the default one; further domains have no configuration yet. */
function giveSigning(tenant: Tenant, born: number, hasKeys: boolean): void {
  const [first] = tenant.stores.acceptedDomains.stored().map((domain) => textOf(domain, 'DomainName'));
  for (const domain of new Set([first ?? tenant.initialDomain, tenant.initialDomain])) {
    const isOwn = domain === tenant.initialDomain;
    const config = newDkimConfig({ tenant, now: born }, domain, isOwn || hasKeys ? 2048 : null);
    const value = isOwn ? { ...config, Enabled: true, Status: 'Valid' } : config;
    tenant.stores.dkimConfigs.put(textOf(config, 'Guid'), value, born, AT_ONCE);
  }
}

function blank(settings: Parameters): ExchangeObject {
  const value = (kind: Parameter['kind']): ExchangeValue => (kind === 'flag' ? false : kind === 'list' ? [] : null);
  // What only a writer says is no property; nor are notifications, which quarantine policies have taken over.
  const properties = Object.entries(settings).filter(([name]) => !/^MakeDefault$|EndUserSpamNotification/u.test(name));
  return Object.fromEntries(properties.map(([name, { kind }]) => [name, value(kind)]));
}
