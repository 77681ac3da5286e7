import { choice, each, flag, list, number, type Parameters, text } from '../parameter.ts';

/** Set-HostedContentFilterPolicy. */
export const contentFilterSettings: Parameters = {
  ...each(
    'DownloadLink EnableEndUserSpamNotifications EnableLanguageBlockList EnableRegionBlockList ' +
      'InlineSafetyTipsEnabled MakeDefault PhishZapEnabled SpamZapEnabled',
    flag,
  ),
  ...each(
    'BulkThreshold EndUserSpamNotificationFrequency EndUserSpamNotificationLimit QuarantineRetentionPeriod',
    number,
  ),
  ...each(
    'AllowedSenderDomains AllowedSenders BlockedSenderDomains BlockedSenders LanguageBlockList ' +
      'RedirectToRecipients RegionBlockList TestModeBccToRecipients',
    list,
  ),
  ...each(
    'AddXHeaderValue AdminDisplayName BulkQuarantineTag EndUserSpamNotificationCustomFromAddress ' +
      'EndUserSpamNotificationCustomFromName EndUserSpamNotificationCustomSubject EndUserSpamNotificationLanguage ' +
      'HighConfidencePhishQuarantineTag HighConfidenceSpamQuarantineTag ModifySubjectValue PhishQuarantineTag ' +
      'SpamQuarantineTag',
    text,
  ),
  ...each('BulkMovesEnabled', choice('On', 'Off', 'NotSet')),
  ...each(
    'BulkSpamAction',
    choice('AddXHeader', 'Delete', 'ModifySubject', 'MoveToJmf', 'NoAction', 'Quarantine', 'Redirect'),
  ),
  ...each('HighConfidencePhishAction', choice('Redirect', 'Quarantine')),
  ...each(
    'HighConfidenceSpamAction PhishSpamAction SpamAction',
    choice('AddXHeader', 'Delete', 'ModifySubject', 'MoveToJmf', 'Quarantine', 'Redirect'),
  ),
  ...each(
    'IncreaseScoreWithBizOrInfoUrls IncreaseScoreWithImageLinks IncreaseScoreWithNumericIps IncreaseScoreWithRedirectToOtherPort MarkAsSpamBulkMail MarkAsSpamEmbedTagsInHtml MarkAsSpamEmptyMessages MarkAsSpamFormTagsInHtml MarkAsSpamFramesInHtml MarkAsSpamJavaScriptInHtml MarkAsSpamObjectTagsInHtml MarkAsSpamSensitiveWordList MarkAsSpamWebBugsInHtml',
    choice('Off', 'On', 'Test'),
  ),
  ...each(
    'IntraOrgFilterState',
    choice('Default', 'HighConfidencePhish', 'Phish', 'HighConfidenceSpam', 'Spam', 'Disabled'),
  ),
  ...each('MarkAsSpamFromAddressAuthFail MarkAsSpamNdrBackscatter MarkAsSpamSpfRecordHardFail', choice('Off', 'On')),
  ...each('TestModeAction', choice('None', 'AddXHeader', 'BccMessage')),
};
