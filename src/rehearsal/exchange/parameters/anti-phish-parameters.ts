import { choice, each, flag, list, number, type Parameters, text } from '../parameter.ts';

/** Set-AntiPhishPolicy. */
export const antiPhishSettings: Parameters = {
  ...each(
    'EnableFirstContactSafetyTips EnableMailboxIntelligence EnableMailboxIntelligenceProtection ' +
      'EnableOrganizationDomainsProtection EnableSimilarDomainsSafetyTips EnableSimilarUsersSafetyTips ' +
      'EnableSpoofIntelligence EnableTargetedDomainsProtection EnableTargetedUserProtection ' +
      'EnableUnauthenticatedSender EnableUnusualCharactersSafetyTips EnableViaTag Enabled HonorDmarcPolicy ' +
      'MakeDefault',
    flag,
  ),
  ...each('PhishThresholdLevel', number),
  ...each(
    'ExcludedDomains ExcludedSenders MailboxIntelligenceProtectionActionRecipients TargetedDomainActionRecipients ' +
      'TargetedDomainsToProtect TargetedUserActionRecipients TargetedUsersToProtect',
    list,
  ),
  ...each(
    'AdminDisplayName MailboxIntelligenceQuarantineTag PolicyTag SpoofQuarantineTag TargetedDomainQuarantineTag ' +
      'TargetedUserQuarantineTag',
    text,
  ),
  ...each('AuthenticationFailAction DmarcQuarantineAction', choice('MoveToJmf', 'Quarantine')),
  ...each('DmarcRejectAction', choice('Quarantine', 'Reject')),
  ...each('ImpersonationProtectionState', choice('Automatic', 'Manual', 'Off')),
  ...each(
    'MailboxIntelligenceProtectionAction TargetedDomainProtectionAction TargetedUserProtectionAction',
    choice('NoAction', 'BccMessage', 'Delete', 'MoveToJmf', 'Quarantine', 'Redirect'),
  ),
};
