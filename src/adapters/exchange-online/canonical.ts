import type { ExchangeQuestions, ExchangeReads } from '../../ports/exchange-online.ts';
import { inboundConnector, outboundConnector } from './canonical/connectors.ts';
import {
  acceptedDomain,
  antiPhishPolicy,
  arcConfig,
  connectionFilter,
  contentFilter,
  dkimSigningConfig,
  organizationConfig,
  protectionAlert,
  remoteDomain,
  spoofItem,
} from './canonical/policies.ts';
import { traceEvent, traceRow, validationTask } from './canonical/questions.ts';
import { transportRule } from './canonical/transport-rule.ts';

type Answers = ExchangeReads & ExchangeQuestions;

/** Raw object of an answer → canonical object, by the cmdlet that read it. Throws when a field is not as it must be. */
export const canonical: { readonly [C in keyof Answers]: (raw: unknown) => Answers[C] } = {
  'Get-InboundConnector': (raw) => inboundConnector.parse(raw),
  'Get-OutboundConnector': (raw) => outboundConnector.parse(raw),
  'Get-TransportRule': (raw) => transportRule.parse(raw),
  'Get-AcceptedDomain': (raw) => acceptedDomain.parse(raw),
  'Get-RemoteDomain': (raw) => remoteDomain.parse(raw),
  'Get-OrganizationConfig': (raw) => organizationConfig.parse(raw),
  'Get-HostedConnectionFilterPolicy': (raw) => connectionFilter.parse(raw),
  'Get-HostedContentFilterPolicy': (raw) => contentFilter.parse(raw),
  'Get-TenantAllowBlockListSpoofItems': (raw) => spoofItem.parse(raw),
  'Get-AntiPhishPolicy': (raw) => antiPhishPolicy.parse(raw),
  'Get-DkimSigningConfig': (raw) => dkimSigningConfig.parse(raw),
  'Get-ArcConfig': (raw) => arcConfig.parse(raw),
  'Get-ProtectionAlert': (raw) => protectionAlert.parse(raw),
  'Get-MessageTraceV2': (raw) => traceRow.parse(raw),
  'Get-MessageTraceDetailV2': (raw) => traceEvent.parse(raw),
  'Validate-OutboundConnector': (raw) => validationTask.parse(raw),
};
