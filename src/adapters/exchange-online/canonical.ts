import { z } from 'zod/v4';
import type { ExchangeReads } from '../../ports/exchange-online.ts';

// Exchange answers null where nothing was ever set, leaves properties out on older objects, and repeats and reorders
// lists. What comes out of here is the same for every read of an unchanged object.

const text = z.string().max(8192);
const name = text.min(1);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true);
const words = text.nullish().transform((value) => (value ?? '').trim());
const word = text.nullish().transform((value) => value?.trim() || null);
const guid = z.guid().toLowerCase();

/** A list of texts, each brought to one form, sorted, without repetition. A single text is a list of one. */
function listOf(form: (value: string) => string) {
  return z
    .union([z.array(text).max(10_000), text])
    .nullish()
    .transform((value) => {
      const given = typeof value === 'string' ? [value] : (value ?? []);
      return [...new Set(given.map((entry) => form(entry.trim())).filter((entry) => entry !== ''))].toSorted();
    });
}

const lower = listOf((value) => value.toLowerCase());
/** `smtp:*.Contoso.com;1` is `*.contoso.com`. */
const senderDomains = listOf((value) =>
  value
    .toLowerCase()
    .replace(/^smtp:/u, '')
    .replace(/;\d+$/u, '')
    .trim(),
);
const addresses = listOf((value) => value.toLowerCase().replace(/\/32$/u, ''));

const ConnectorType = z.enum(['Partner', 'OnPremises']);

const InboundConnector = z.object({
  Identity: name,
  Name: name,
  Guid: guid,
  Enabled: z.boolean(),
  ConnectorType,
  ConnectorSource: words,
  Comment: words,
  SenderDomains: senderDomains,
  SenderIPAddresses: addresses,
  AssociatedAcceptedDomains: lower,
  RequireTls: flag,
  RestrictDomainsToIPAddresses: flag,
  RestrictDomainsToCertificate: flag,
  TlsSenderCertificateName: word,
  CloudServicesMailEnabled: flag,
  TreatMessagesAsInternal: flag,
  EFSkipLastIP: flag,
  EFSkipIPs: addresses,
  EFUsers: lower,
});

const OutboundConnector = z.object({
  Identity: name,
  Name: name,
  Guid: guid,
  Enabled: z.boolean(),
  ConnectorType,
  Comment: words,
  RecipientDomains: lower,
  SmartHosts: lower,
  UseMXRecord: flag,
  TlsSettings: word,
  TlsDomain: word,
  IsTransportRuleScoped: flag,
  AllAcceptedDomains: flag,
});

const TransportRule = z.object({
  Identity: name,
  Name: name,
  Guid: guid,
  State: z.enum(['Enabled', 'Disabled']),
  Mode: words,
  Priority: z.coerce.number().int().nonnegative(),
  Comments: words,
  RouteMessageOutboundConnector: word,
});

const AcceptedDomain = z.object({
  Identity: name,
  DomainName: name.trim().toLowerCase(),
  DomainType: z.enum(['Authoritative', 'InternalRelay', 'ExternalRelay']),
  Default: flag,
  InitialDomain: flag,
});

const OrganizationConfig = z.object({ Identity: name, IsDehydrated: flag, RejectDirectSend: flag });

/** Raw object of an answer → canonical object, by the cmdlet that read it. Throws when a field is not as it must be. */
export const canonical: { readonly [C in keyof ExchangeReads]: (raw: unknown) => ExchangeReads[C] } = {
  'Get-InboundConnector': (raw) => InboundConnector.parse(raw),
  'Get-OutboundConnector': (raw) => OutboundConnector.parse(raw),
  'Get-TransportRule': (raw) => TransportRule.parse(raw),
  'Get-AcceptedDomain': (raw) => AcceptedDomain.parse(raw),
  'Get-OrganizationConfig': (raw) => OrganizationConfig.parse(raw),
};
