import { choice, each, flag, number, type Parameters, text } from '../parameter.ts';

/** Set-TransportConfig, without what only servers on premises know. */
export const transportSettings: Parameters = {
  ...each(
    'AddressBookPolicyRoutingEnabled AllowLegacyTLSClients ClearCategories ConvertDisclaimerWrapperToEml ' +
      'ExternalDelayDsnEnabled ExternalDsnLanguageDetectionEnabled ExternalDsnSendHtml Force ' +
      'InternalDelayDsnEnabled InternalDsnLanguageDetectionEnabled InternalDsnSendHtml ' +
      'PreventDuplicateJournalingEnabled ReplyAllStormProtectionEnabled Rfc2231EncodingEnabled ' +
      'SmtpClientAuthenticationDisabled VoicemailJournalingEnabled',
    flag,
  ),
  ...each(
    'JournalMessageExpirationDays ReplyAllStormBlockDurationHours ReplyAllStormDetectionMinimumRecipients ' +
      'ReplyAllStormDetectionMinimumReplies',
    number,
  ),
  ...each(
    'ExternalDsnDefaultLanguage ExternalDsnReportingAuthority ExternalPostmasterAddress ' +
      'InternalDsnDefaultLanguage InternalDsnReportingAuthority JournalingReportNdrTo ' +
      'MaxRecipientEnvelopeLimit MessageExpiration',
    text,
  ),
  DSNConversionMode: choice('DoNotConvert', 'PreserveDSNBody', 'UseExchangeDSNs'),
  HeaderPromotionModeSetting: choice('MustCreate', 'MayCreate', 'NoCreate'),
};
