import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { noTraits } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { cloud, contoso, ends, knock, rule } from './small-cloud.ts';

const actions = [
  ['NoAction', ['inbox']],
  ['MoveToJmf', ['junk']],
  ['Quarantine', ['quarantined']],
  ['Delete', ['deleted']],
  ['Redirect', ['inbox kim@sales.contoso.com']],
  ['BccMessage', ['inbox', 'inbox kim@sales.contoso.com']],
] as const;

const others = ['kim@sales.contoso.com'];
const user: ExchangeObject = {
  EnableTargetedUserProtection: true,
  TargetedUsersToProtect: ['The Boss;boss@contoso.com'],
  TargetedUserActionRecipients: others,
};
const domain: ExchangeObject = {
  EnableTargetedDomainsProtection: true,
  TargetedDomainsToProtect: ['partner.example'],
  TargetedDomainActionRecipients: others,
};
const contact: ExchangeObject = {
  EnableMailboxIntelligence: true,
  EnableMailboxIntelligenceProtection: true,
  MailboxIntelligenceProtectionActionRecipients: others,
};

function met(policy: ExchangeObject, resembles: string, more = {}): string[] {
  const antiPhishPolicies = [{ IsDefault: true, ...policy }];
  const journey = knock(cloud([contoso({ antiPhishPolicies, ...more })]), { traits: { ...noTraits, resembles } });
  return journey.outcomes.map(({ kind, recipient }) => (recipient === others[0] ? `${kind} ${recipient}` : kind));
}

describe('rehearsal/mail-flow/impersonation', () => {
  it.each(actions)('does %s with who looks like a protected person', (TargetedUserProtectionAction, end) => {
    expect(met({ ...user, TargetedUserProtectionAction }, 'boss@contoso.com')).toEqual(end);
  });

  it.each(actions)('does %s with who looks like a protected domain', (TargetedDomainProtectionAction, end) => {
    expect(met({ ...domain, TargetedDomainProtectionAction }, 'partner.example')).toEqual(end);
  });

  it.each(actions)('does %s with who looks like a contact', (MailboxIntelligenceProtectionAction, end) => {
    expect(met({ ...contact, MailboxIntelligenceProtectionAction }, 'friend@elsewhere.example')).toEqual(end);
  });

  it('protects the own domains when asked to', () => {
    const policy = { EnableOrganizationDomainsProtection: true, TargetedDomainProtectionAction: 'Quarantine' };
    expect(met(policy, 'contoso.com')).toEqual(['quarantined']);
    expect(met({ ...policy, EnableOrganizationDomainsProtection: false }, 'contoso.com')).toEqual(['inbox']);
  });

  it.each<[string, ExchangeObject]>([
    ['when the protection is off', { EnableTargetedUserProtection: false }],
    ['when all of it is off', { ImpersonationProtectionState: 'Off' }],
    ['for an excepted sender', { ExcludedSenders: ['Someone@outside.example'] }],
    ['for an excepted domain', { ExcludedDomains: ['outside.example'] }],
    ['for somebody else', { TargetedUsersToProtect: ['Other;other@contoso.com'] }],
  ])('does nothing %s', (_, more) => {
    expect(met({ ...user, TargetedUserProtectionAction: 'Delete', ...more }, 'boss@contoso.com')).toEqual(['inbox']);
  });

  it('needs both switches of mailbox intelligence', () => {
    const policy = { ...contact, MailboxIntelligenceProtectionAction: 'Delete', EnableMailboxIntelligence: false };
    expect(met(policy, 'friend@elsewhere.example')).toEqual(['inbox']);
  });

  it('asks for the person before the contact', () => {
    const both = {
      ...user,
      ...contact,
      TargetedUserProtectionAction: 'Quarantine',
      MailboxIntelligenceProtectionAction: 'Delete',
    };
    expect(met(both, 'boss@contoso.com')).toEqual(['quarantined']);
  });

  it('is passed by with the rest of filtering', () => {
    const transportRules = [rule(0, { SetSCL: '-1' })];
    const policy = { ...user, TargetedUserProtectionAction: 'Delete' };
    expect(met(policy, 'boss@contoso.com', { transportRules })).toEqual(['inbox']);
  });

  it('goes before a sender that the list allows', () => {
    const allowBlockItems = [{ ListType: 'Sender', Value: 'outside.example', Action: 'Allow' }];
    const policy = { ...user, TargetedUserProtectionAction: 'Quarantine' };
    expect(met(policy, 'boss@contoso.com', { allowBlockItems })).toEqual(['quarantined']);
    expect(ends(knock(cloud([contoso({ allowBlockItems })]), { content: 'spam' }))).toEqual(['inbox']);
  });
});
