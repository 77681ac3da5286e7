import fc from 'fast-check';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { noTraits, type Traits } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import type { Setup } from '../../../src/rehearsal/mail-flow/setup.ts';

const hash = 'ab'.repeat(32);
const elsewhere = ['kim@sales.contoso.com', 'abuse@outside.example'];

const entries: Readonly<Record<string, readonly string[]>> = {
  Sender: ['someone@outside.example', 'outside.example', '*.example', 'partner.example', 'contoso.com'],
  Url: ['bad.example', '*.bad.example', 'bad.example/x/*'],
  FileHash: [hash],
};

const entry: fc.Arbitrary<ExchangeObject> = fc.constantFrom(...Object.keys(entries)).chain((ListType) =>
  fc.record({
    ListType: fc.constant(ListType),
    Value: fc.constantFrom(...(entries[ListType] ?? [])),
    Action: fc.constantFrom('Allow', 'Block'),
    ListSubType: fc.constantFrom('Tenant', 'Tenant', 'AdvancedDelivery'),
    ExpirationDate: fc.constantFrom(null, '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'),
  }),
);

const impersonation = fc.constantFrom('NoAction', 'BccMessage', 'Delete', 'MoveToJmf', 'Quarantine', 'Redirect');

const antiPhish: fc.Arbitrary<ExchangeObject> = fc.record({
  IsDefault: fc.constant(true),
  EnableTargetedUserProtection: fc.boolean(),
  TargetedUsersToProtect: fc.constant(['The Boss;boss@contoso.com']),
  TargetedUserProtectionAction: impersonation,
  TargetedUserActionRecipients: fc.constant(elsewhere),
  EnableTargetedDomainsProtection: fc.boolean(),
  TargetedDomainsToProtect: fc.constant(['partner.example']),
  EnableOrganizationDomainsProtection: fc.boolean(),
  TargetedDomainProtectionAction: impersonation,
  TargetedDomainActionRecipients: fc.constant(elsewhere),
  EnableMailboxIntelligence: fc.constant(true),
  EnableMailboxIntelligenceProtection: fc.boolean(),
  MailboxIntelligenceProtectionAction: impersonation,
  MailboxIntelligenceProtectionActionRecipients: fc.constant(elsewhere),
  ExcludedDomains: fc.constantFrom([], ['outside.example']),
});

/** Filters of an organisation, half of the time none of its own. */
export const randomFilters: fc.Arbitrary<Pick<Setup, 'allowBlockItems' | 'antiPhishPolicies'>> = fc.record({
  allowBlockItems: fc.oneof(fc.constant([]), fc.array(entry, { maxLength: 3 })),
  antiPhishPolicies: fc.oneof(fc.constant([]), fc.tuple(antiPhish)),
});

export const randomTraits: fc.Arbitrary<Traits> = fc.constantFrom(
  noTraits,
  noTraits,
  { ...noTraits, urls: ['https://www.bad.example/x/y'] },
  { ...noTraits, files: [hash] },
  { ...noTraits, bulk: 8 },
  { ...noTraits, resembles: 'boss@contoso.com' },
  { ...noTraits, resembles: 'partner.example' },
  { ...noTraits, resembles: 'contoso.com' },
  { ...noTraits, resembles: 'friend@outside.example' },
);
