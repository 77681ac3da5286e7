import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { headerValues, type MailMessage, noTraits } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { cloud, contoso, ends, knock, passes, rule, stranger } from './small-cloud.ts';

function filtered(policy: ExchangeObject, facts: Partial<MailMessage> = {}, more = {}) {
  const contentFilters = [
    { IsDefault: false, SpamAction: 'Delete' },
    { IsDefault: true, ...policy },
  ];
  return knock(cloud([contoso({ contentFilters, ...more })]), { content: 'spam', ...facts });
}

function delivered(policy: ExchangeObject): MailMessage | undefined {
  return passes(filtered(policy))[0]?.endings[0]?.message;
}

describe('rehearsal/mail-flow/content-filter', () => {
  it.each([
    ['MoveToJmf', 'junk'],
    ['Quarantine', 'quarantined'],
    ['AddXHeader', 'inbox'],
    ['ModifySubject', 'junk'],
    ['Delete', 'deleted'],
  ])('does %s with spam, whatever its finding', (action, end) => {
    expect(ends(filtered({ SpamAction: action }))).toEqual([end]);
    const sure = { transportRules: [rule(0, { SetSCL: '9' })] };
    const likely = { transportRules: [rule(0, { SetSCL: '6' })] };
    expect(ends(filtered({ HighConfidenceSpamAction: action }, { content: 'clean' }, sure))).toEqual([end]);
    expect(ends(filtered({ SpamAction: action }, { content: 'clean' }, likely))).toEqual([end]);
  });

  it('takes no setting for another one', () => {
    expect(ends(filtered({ HighConfidenceSpamAction: 'Delete', HighConfidencePhishAction: 'Redirect' }))).toEqual([
      'junk',
    ]);
  });

  it.each([
    ['X-Marked', 'X-Marked'],
    [null, 'X-This-Is-Spam'],
    ['X-Two words', 'X-This-Is-Spam'],
    ['X-Colon:', 'X-This-Is-Spam'],
  ])('marks spam by a header of the name %s as %s', (AddXHeaderValue, name) => {
    const message = delivered({ SpamAction: 'AddXHeader', AddXHeaderValue });
    expect(message && headerValues(message, name)).toEqual(['This message appears to be spam.']);
  });

  it('puts its words before the subject', () => {
    expect(delivered({ SpamAction: 'ModifySubject', ModifySubjectValue: '[SPAM] ' })?.subject).toBe('[SPAM] hello');
  });

  it('sends spam to others instead, each of whom gets a copy unfiltered', () => {
    const to = ['kim@sales.contoso.com', 'abuse@elsewhere.example', 'nobody@contoso.com'];
    const { outcomes } = filtered({ SpamAction: 'Redirect', RedirectToRecipients: to });
    expect(outcomes.map(({ kind, recipient }) => `${kind} ${recipient}`).toSorted()).toEqual([
      'inbox kim@sales.contoso.com',
      'outside abuse@elsewhere.example',
      'refused nobody@contoso.com',
    ]);
  });

  it('catches phishing that a rule, an address or a list lets in', () => {
    const allowed = {
      transportRules: [rule(0, { SetSCL: '-1' })],
      connectionFilters: [{ IPAllowList: [stranger] }],
    };
    const policy = { AllowedSenderDomains: ['outside.example'] };
    expect(ends(filtered(policy, { content: 'phish' }, allowed))).toEqual(['quarantined']);
    expect(
      ends(
        filtered(
          { ...policy, HighConfidencePhishAction: 'Redirect', RedirectToRecipients: ['kim@sales.contoso.com'] },
          { content: 'phish' },
        ),
      ),
    ).toEqual(['inbox']);
  });

  it('does what the policy says with what may be phishing, unless somebody allowed it', () => {
    const may = { content: 'likely-phish' } as const;
    expect(ends(filtered({ PhishSpamAction: 'Quarantine' }, may))).toEqual(['quarantined']);
    expect(ends(filtered({ SpamAction: 'Delete' }, may))).toEqual(['junk']);
    const policy = { PhishSpamAction: 'Delete' };
    expect(ends(filtered({ ...policy, AllowedSenders: ['someone@outside.example'] }, may))).toEqual(['inbox']);
    expect(ends(filtered(policy, may, { transportRules: [rule(0, { SetSCL: '-1' })] }))).toEqual(['inbox']);
    const allowBlockItems = [{ ListType: 'Sender', Value: 'outside.example', Action: 'Allow' }];
    expect(ends(filtered(policy, may, { allowBlockItems }))).toEqual(['inbox']);
  });

  it.each<[number, ExchangeObject, string]>([
    [6, {}, 'inbox'],
    [7, {}, 'junk'],
    [7, { BulkThreshold: 8 }, 'inbox'],
    [4, { BulkThreshold: 4, BulkSpamAction: 'Quarantine' }, 'quarantined'],
    [9, { MarkAsSpamBulkMail: 'Off' }, 'inbox'],
    [9, { BulkSpamAction: 'NoAction' }, 'inbox'],
    [9, { BulkSpamAction: 'Delete', AllowedSenders: ['someone@outside.example'] }, 'inbox'],
  ])('takes mass mail of level %i under %j to %s', (bulk, policy, end) => {
    expect(ends(filtered(policy, { content: 'clean', traits: { ...noTraits, bulk } }))).toEqual([end]);
  });

  it.each<[string, ExchangeObject, string]>([
    ['lets an allowed sender in', { AllowedSenders: ['Someone@outside.example'] }, 'inbox'],
    ['lets an allowed domain in', { AllowedSenderDomains: ['outside.example'] }, 'inbox'],
    ['lets no sub-domain of an allowed domain in', { AllowedSenderDomains: ['example'] }, 'junk'],
    [
      'lets nobody in who is blocked too',
      { AllowedSenders: ['someone@outside.example'], BlockedSenderDomains: ['outside.example'] },
      'junk',
    ],
  ])('%s', (_, policy, end) => {
    expect(ends(filtered(policy))).toEqual([end]);
  });

  it.each<[string, ExchangeObject]>([
    ['a blocked sender', { BlockedSenders: ['someone@outside.example'] }],
    ['a blocked domain', { BlockedSenderDomains: ['OUTSIDE.example'] }],
  ])('takes %s for spam', (_, policy) => {
    expect(ends(filtered({ ...policy, SpamAction: 'Quarantine' }, { content: 'clean' }))).toEqual(['quarantined']);
  });
});
