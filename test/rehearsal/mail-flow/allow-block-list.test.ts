import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { type MailMessage, noTraits } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { cloud, contoso, ends, knock, rule, send } from './small-cloud.ts';

function entry(ListType: string, Value: string, more: ExchangeObject = {}): ExchangeObject {
  return { ListType, Value, Action: 'Block', ListSubType: 'Tenant', ExpirationDate: null, ...more };
}

const policy = { IsDefault: true, HighConfidenceSpamAction: 'Quarantine', SpamAction: 'MoveToJmf' };

function filtered(items: readonly ExchangeObject[], facts: Partial<MailMessage> = {}, more = {}): string[] {
  const setup = contoso({ allowBlockItems: items, contentFilters: [policy], ...more });
  return ends(knock(cloud([setup]), facts));
}

const hash = 'ab'.repeat(32);

describe('rehearsal/mail-flow/allow-block-list', () => {
  it.each([
    ['someone@outside.example', ['quarantined']],
    ['SOMEONE@outside.example', ['quarantined']],
    ['outside.example', ['quarantined']],
    ['*.example', ['quarantined']],
    ['*.outside.example', ['inbox']],
    ['other@outside.example', ['inbox']],
    ['side.example', ['inbox']],
  ])('takes mail of a sender for high confidence spam when %s is blocked', (value, end) => {
    expect(filtered([entry('Sender', value)])).toEqual(end);
  });

  it('lets a blocking entry win over an allowing one and over a rule', () => {
    const both = [entry('Sender', 'outside.example'), entry('Sender', 'someone@outside.example', { Action: 'Allow' })];
    expect(filtered(both)).toEqual(['quarantined']);
    expect(filtered(both, {}, { transportRules: [rule(0, { SetSCL: '-1' })] })).toEqual(['quarantined']);
  });

  it('lets an allowed sender past spam filtering and past nothing else', () => {
    const allowed = [entry('Sender', 'outside.example', { Action: 'Allow' })];
    expect(filtered([], { content: 'spam' })).toEqual(['junk']);
    expect(filtered(allowed, { content: 'spam' })).toEqual(['inbox']);
    expect(filtered(allowed, { content: 'phish' })).toEqual(['quarantined']);
    expect(filtered(allowed, { content: 'malware' })).toEqual(['quarantined']);
    const spoofed = knock(
      cloud([contoso({ allowBlockItems: allowed })], {
        texts: { 'outside.example': 'v=spf1 -all', '_dmarc.outside.example': 'v=DMARC1; p=reject' },
      }),
    );
    expect(ends(spoofed)).toEqual(['refused 550 5.7.509']);
  });

  it('forgets an entry whose time is over', () => {
    expect(filtered([entry('Sender', 'outside.example', { ExpirationDate: '2026-11-21T11:00:00Z' })])).toEqual([
      'inbox',
    ]);
    expect(filtered([entry('Sender', 'outside.example', { ExpirationDate: '2026-11-21T13:00:00Z' })])).toEqual([
      'quarantined',
    ]);
  });

  it('keeps entries for simulated attacks out of it', () => {
    expect(filtered([entry('Sender', 'outside.example', { ListSubType: 'AdvancedDelivery' })])).toEqual(['inbox']);
  });

  it.each([
    ['bad.example', 'https://bad.example', true],
    ['bad.example', 'https://www.bad.example/a?b', true],
    ['bad.example', 'https://notbad.example/', false],
    ['bad.example', 'https://good.example/bad.example', false],
    ['~bad.example', 'https://www.bad.example/', true],
    ['*.bad.example', 'https://bad.example/', false],
    ['*.bad.example', 'https://www.bad.example/', true],
    ['bad.example/x/*', 'HTTPS://BAD.example/x/y', true],
    ['bad.example/x/*', 'https://bad.example/z', false],
  ])('blocks by %s the link %s: %s', (value, url, isBlocked) => {
    const traits = { ...noTraits, urls: ['https://fine.example/', url] };
    expect(filtered([entry('Url', value)], { traits })).toEqual([isBlocked ? 'quarantined' : 'inbox']);
  });

  it('takes a blocked link for phishing, whatever a rule allows, and one that is allowed for nothing', () => {
    const traits = { ...noTraits, urls: ['https://bad.example/'] };
    const transportRules = [rule(0, { SetSCL: '-1' })];
    expect(filtered([entry('Url', 'bad.example')], { traits }, { transportRules })).toEqual(['quarantined']);
    expect(filtered([entry('Url', 'bad.example', { Action: 'Allow' })], { traits, content: 'phish' })).toEqual([
      'quarantined',
    ]);
  });

  it('takes a blocked file for malware, also from a colleague', () => {
    const traits = { ...noTraits, files: [hash.toUpperCase()] };
    const allowBlockItems = [entry('FileHash', hash)];
    expect(filtered(allowBlockItems, { traits })).toEqual(['quarantined']);
    expect(filtered(allowBlockItems, { traits: { ...noTraits, files: ['cd'.repeat(32)] } })).toEqual(['inbox']);
    expect(ends(send(cloud([contoso({ allowBlockItems })]), { to: 'info@contoso.com', traits }))).toEqual([
      'quarantined',
    ]);
  });

  it('returns what users send when one of the recipients is blocked', () => {
    const world = cloud([contoso({ allowBlockItems: [entry('Sender', 'outside.example')] })]);
    expect(ends(send(world))).toEqual(['refused 550 5.7.703']);
    const recipients = ['info@contoso.com', 'someone@outside.example'];
    expect(ends(send(world, { to: 'info@contoso.com', recipients }))).toEqual(['refused 550 5.7.703']);
    expect(ends(send(world, { to: 'a@elsewhere.example', recipients: ['a@elsewhere.example'] }))).toEqual(['outside']);
  });
});
