import type { ExchangeObject, ExchangeValue } from '../exchange-object.ts';

const ON =
  'ActivityBasedAuthenticationTimeoutEnabled ' +
  'ActivityBasedAuthenticationTimeoutWithSingleSignOnEnabled AsyncSendEnabled ' +
  'ConnectorsActionableMessagesEnabled ConnectorsEnabled ConnectorsEnabledForOutlook ' +
  'ConnectorsEnabledForSharepoint ConnectorsEnabledForTeams ConnectorsEnabledForYammer ' +
  'EwsAllowEntourage LinkPreviewEnabled MailTipsAllTipsEnabled MailTipsGroupMetricsEnabled ' +
  'MapiHttpEnabled MicrosoftExchangeRecipientEmailAddressPolicyEnabled MobileAppEducationEnabled ' +
  'OAuth2ClientProfileEnabled OutlookMobileGCCRestrictionsEnabled RecipientDelimiters ' +
  'SmtpActionableMessagesEnabled';

const OFF =
  'AuditDisabled AutodiscoverPartialDirSync BlockMoveMessagesForGroupFolders BookingsEnabled ' +
  'BookingsPaymentsEnabled BookingsSocialSharingRestricted DLPViaDcsEnabled DLPWaitOnSendEnabled ' +
  'DelayedDelicensingEnabled DirectReportsGroupAutoCreationEnabled ElcProcessingDisabled ' +
  'EnableDownloadDomains EnableOutlookEvents EndUserDLUpgradeFlowsDisabled ' +
  'EndUserMailNotificationForDelayedDelicensingEnabled IsGroupFoldersAndRulesEnabled ' +
  'IsGroupMemberAllowedToEditContent LeanPopoutEnabled MailTipsExternalRecipientsTipsEnabled ' +
  'OutlookGifPickerDisabled PermanentlyDeleteDisabled PostponeRoamingSignaturesUntilLater ' +
  'PublicFolderContentReplicationDisabled PublicFolderMailboxesLockedForNewConnections ' +
  'PublicFolderMigrationComplete PublicFolderShowClientControl PublicFoldersLockedForMigration ' +
  'ReadTrackingEnabled SendFromAliasEnabled TenantAdminNotificationForDelayedDelicensingEnabled ' +
  'WebPushNotificationsDisabled WebSuggestedRepliesDisabled';

/** What Get-OrganizationConfig gives for settings that nobody has touched and whose usual value is documented. */
export const organizationDefaults: ExchangeObject = {
  ...each(ON, true),
  ...each(OFF, false),
  ActivityBasedAuthenticationTimeoutInterval: '06:00:00',
  DefaultGroupAccessType: 'Private',
  DefaultMinutesToReduceLongEventsBy: 10,
  DefaultMinutesToReduceShortEventsBy: 5,
  DLPWaitOnSendTimeout: 9999,
  MailTipsLargeAudienceThreshold: 25,
  ShortenEventScopeDefault: 'None',
};

function each(names: string, value: ExchangeValue): ExchangeObject {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]));
}
