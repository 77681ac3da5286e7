import { choice, each, flag, list, number, type Parameters, text } from '../parameter.ts';

/** Set-OrganizationConfig. */
export const organizationSettings: Parameters = {
  ...each(
    'ACLableSyncedObjectEnabled ActionableMessagesExtenalAccessTokenEnabled ' +
      'ActivityBasedAuthenticationTimeoutEnabled ActivityBasedAuthenticationTimeoutWithSingleSignOnEnabled ' +
      'AppsForOfficeEnabled AsyncSendEnabled AuditDisabled AutoEnableArchiveMailbox AutoExpandingArchive ' +
      'AutodiscoverPartialDirSync AutomaticForcedReadReceiptEnabled BlockMoveMessagesForGroupFolders ' +
      'BookingsAddressEntryRestricted BookingsAuthEnabled BookingsBlockedWordsEnabled ' +
      'BookingsCreationOfCustomQuestionsRestricted BookingsEnabled BookingsExposureOfStaffDetailsRestricted ' +
      'BookingsMembershipApprovalRequired BookingsNamingPolicyEnabled BookingsNamingPolicyPrefixEnabled ' +
      'BookingsNamingPolicySuffixEnabled BookingsNotesEntryRestricted BookingsPaymentsEnabled ' +
      'BookingsPhoneNumberEntryRestricted BookingsSearchEngineIndexDisabled BookingsSmsMicrosoftEnabled ' +
      'BookingsSocialSharingRestricted CalendarVersionStoreEnabled ComplianceMLBgdCrawlEnabled ' +
      'ConnectorsActionableMessagesEnabled ConnectorsEnabled ConnectorsEnabledForOutlook ' +
      'ConnectorsEnabledForSharepoint ConnectorsEnabledForTeams ConnectorsEnabledForYammer CustomerFeedbackEnabled ' +
      'CustomerLockboxEnabled DLPViaDcsEnabled DLPWaitOnSendEnabled DefaultFolderPermissionRestricted ' +
      'DelayedDelicensingEnabled DirectReportsGroupAutoCreationEnabled DisablePlusAddressInRecipients ' +
      'ElcProcessingDisabled EmptyAddressBookForNonExchangeUsers EnableAuthAdminReadSession EnableDownloadDomains ' +
      'EnableForwardingAddressSyncForMailboxes EnableOrgWidePermissionOnScopedRoles EnableOutlookEvents ' +
      'EndUserDLUpgradeFlowsDisabled EndUserMailNotificationForDelayedDelicensingEnabled ' +
      'EnforceExoAppRbacPermissions EnforceShortenEventSetting EwsAllowEntourage EwsAllowMacOutlook EwsAllowOutlook ' +
      'EwsEnabled ExchangeAttributesCloudManagedByDefault ExchangeAttributesServerManagedByDefault ' +
      'ExchangeNotificationEnabled FindTimeAttendeeAuthenticationEnabled FindTimeAutoScheduleDisabled ' +
      'FindTimeLockPollForAttendeesEnabled FindTimeOnlineMeetingOptionDisabled FocusedInboxOn Force ' +
      'HybridRSVPEnabled InRegionRoutingEnabled IsAgendaMailEnabled IsExcludedFromOffboardMigration ' +
      'IsExcludedFromOnboardMigration IsFfoMigrationInProgress IsGroupFoldersAndRulesEnabled ' +
      'IsGroupMemberAllowedToEditContent LeanPopoutEnabled LinkPreviewEnabled MailTipsAllTipsEnabled ' +
      'MailTipsExternalRecipientsTipsEnabled MailTipsGroupMetricsEnabled MailTipsMailboxSourcedTipsEnabled ' +
      'MailboxDataEncryptionEnabled MapiHttpEnabled MaskClientIpInReceivedHeadersEnabled ' +
      'MatchSenderOrganizerProperties MessageHighlightsEnabled MessageRecallAlertRecipientsEnabled ' +
      'MessageRecallAlertRecipientsReadMessagesOnlyEnabled MessageRecallEnabled MessageRemindersEnabled ' +
      'MicrosoftExchangeRecipientEmailAddressPolicyEnabled MitigationsEnabled MobileAppEducationEnabled ' +
      'OAuth2ClientProfileEnabled OnlineMeetingsByDefaultEnabled OutlookGifPickerDisabled ' +
      'OutlookMobileGCCRestrictionsEnabled OutlookMobileHelpShiftEnabled OutlookMobileSingleAccountEnabled ' +
      'OutlookPayEnabled OutlookTextPredictionDisabled PerTenantSwitchToESTSEnabled PermanentlyDeleteDisabled ' +
      'PostponeRoamingSignaturesUntilLater PublicComputersDetectionEnabled PublicFolderContentReplicationDisabled ' +
      'PublicFolderMailboxesLockedForNewConnections PublicFolderMailboxesMigrationComplete ' +
      'PublicFolderMigrationComplete PublicFolderShowClientControl PublicFoldersLockedForMigration ' +
      'ReadTrackingEnabled RecallReadMessagesEnabled RecipientDelimiters RefreshSessionEnabled RejectDirectSend ' +
      'SendFromAliasEnabled SharedDomainEmailAddressFlowEnabled SmtpActionableMessagesEnabled ' +
      'TenantAdminNotificationForDelayedDelicensingEnabled TwoClickMailPreviewEnabled ' +
      'UnblockUnsafeSenderPromptEnabled UseIcsSyncStateStreaming WebPushNotificationsDisabled ' +
      'WebSuggestedRepliesDisabled WorkspaceTenantEnabled',
    flag,
  ),
  ...each(
    'AutoArchivingThresholdPercentage ByteEncoderTypeFor7BitCharsets DLPWaitOnSendTimeout ' +
      'DefaultMinutesToReduceLongEventsBy DefaultMinutesToReduceShortEventsBy MailTipsLargeAudienceThreshold ' +
      'PreferredInternetCodePageForShiftJis RequiredCharsetCoverage SCLJunkThreshold',
    number,
  ),
  ...each(
    'AdfsAudienceUris AdfsSignCertificateThumbprints DistributionGroupNameBlockedWordsList EwsAllowList ' +
      'EwsBlockList ExchangeNotificationRecipients IPListBlocked MicrosoftExchangeRecipientEmailAddresses ' +
      'OrganizationSummary RemotePublicFolderMailboxes UMAvailableLanguages',
    list,
  ),
  ...each(
    'ActivityBasedAuthenticationTimeoutInterval AdfsAuthenticationConfiguration AdfsEncryptCertificateThumbprint ' +
      'AdfsIssuer BookingsNamingPolicyPrefix BookingsNamingPolicySuffix DataClassifications ' +
      'DefaultAuthenticationPolicy DefaultPublicFolderAgeLimit DefaultPublicFolderDeletedItemRetention ' +
      'DefaultPublicFolderMovedItemRetention DistributionGroupDefaultOU DistributionGroupNamingPolicy ' +
      'EwsAllowedAppIDs HierarchicalAddressBookRoot Industry ManagedFolderHomepage MaxConcurrentMigrations ' +
      'MessageRecallMaxRecallableAge MicrosoftExchangeRecipientPrimarySmtpAddress ' +
      'MicrosoftExchangeRecipientReplyRecipient OabShadowDistributionOldestFileAgeLimit ShortenEventScopeDefault ' +
      'SiteMailboxCreationURL VisibleMeetingUpdateProperties WACDiscoveryEndpoint',
    text,
  ),
  ...each('DefaultGroupAccessType', choice('Public', 'Private')),
  ...each(
    'DefaultPublicFolderIssueWarningQuota DefaultPublicFolderMaxItemSize DefaultPublicFolderProhibitPostQuota',
    choice('B', 'KB', 'MB', 'GB', 'TB'),
  ),
  ...each('EwsApplicationAccessPolicy', choice('EnforceAllowList', 'EnforceBlockList')),
  ...each('PublicFoldersEnabled', choice('Local', 'Remote', 'None')),
};
