import { choice, each, flag, number, type Parameters, text } from '../parameter.ts';

/** Set-RemoteDomain. */
export const remoteDomainSettings: Parameters = {
  ...each(
    'AutoForwardEnabled AutoReplyEnabled DeliveryReportEnabled DisplaySenderName IsCoexistenceDomain IsInternal ' +
      'MeetingForwardNotificationEnabled NDRDiagnosticInfoEnabled NDREnabled TNEFEnabled TargetDeliveryDomain ' +
      'TrustedMailInboundEnabled TrustedMailOutboundEnabled UseSimpleDisplayName',
    flag,
  ),
  ...each('MessageCountThreshold RequiredCharsetCoverage', number),
  ...each('CharacterSet LineWrapSize Name NonMimeCharacterSet', text),
  ...each('AllowedOOFType', choice('External', 'ExternalLegacy', 'InternalLegacy', 'None')),
  ...each(
    'ByteEncoderTypeFor7BitCharsets',
    choice(
      'Use7Bit',
      'UseQP',
      'UseBase64',
      'UseQPHtmlDetectTextPlain',
      'UseBase64HtmlDetectTextPlain',
      'UseQPHtml7BitTextPlain',
      'UseBase64Html7BitTextPlain',
      'Undefined',
    ),
  ),
  ...each('ContentType', choice('MimeHtmlText', 'MimeText', 'MimeHtml')),
  ...each('PreferredInternetCodePageForShiftJis', choice('50220', '50221', '50222', 'Undefined')),
};
