import { describe, expect, it } from 'vitest';
import { canonical } from '../../../src/adapters/exchange-online/canonical.ts';
import { findCmdlet } from '../../../src/rehearsal/exchange/cmdlet-table.ts';
import { ROUTED, textOf, typeOf, wire } from './wire.ts';

const cloud = wire();
const RULE = { Name: 'trust', SenderIpRanges: ['65.99.255.0/24'], SetSCL: -1 };

function manyPeople(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `p${index}@x.example`);
}

async function make(change: object = {}) {
  return cloud.run('New-TransportRule', { ...RULE, ...change });
}

async function order(): Promise<string[]> {
  const { body } = await cloud.run('Get-TransportRule');
  return body.value.map(({ Name, Priority }: { Name: string; Priority: number }) => `${Priority} ${Name}`);
}

describe('fidelity point 10: transport rules', () => {
  it.each([
    ['no action', { SetSCL: null }, 'at least one action'],
    [
      'decrypted attachments of a message that stays encrypted',
      { RemoveRMSAttachmentEncryption: true },
      'RemoveOMEv2 is true',
    ],
    ['a name of 65 characters', { Name: 'n'.repeat(65) }, '64'],
    ['comments of 1025 characters', { Comments: 'c'.repeat(1025) }, '1024'],
    ['a header without words', { HeaderContainsMessageHeader: 'X-A' }, 'together'],
    ['patterns without a header', { HeaderMatchesPatterns: ['a'] }, 'together'],
    ['an exception’s header without words', { ExceptIfHeaderContainsMessageHeader: 'X-A' }, 'together'],
    ['a header to set without value', { SetHeaderName: 'X-A' }, 'together'],
    ['a word with a blank at its end', { SubjectContainsWords: ['a '] }, 'space'],
    ['a domain with a blank at its start', { ExceptIfSenderDomainIs: [' x.example'] }, 'space'],
    [
      'more than a hundred added recipients',
      { CopyTo: manyPeople(60), BlindCopyTo: manyPeople(40), AddToRecipients: ['a@x.example'] },
      '100',
    ],
    ['a pattern that is no regular expression', { SubjectMatchesPatterns: ['(open'] }, 'regular expression'],
    ['more than 8 KB', { FromAddressContainsWords: ['w'.repeat(8200)] }, '8 KB'],
    ['a spam level of 10', { SetSCL: 10 }, 'SetSCL'],
    ['a spam level to look for of 77', { SCLOver: '77' }, 'SclValue'],
    ['a spam level in words', { ExceptIfSCLOver: 'high' }, 'SclValue'],
    ['a size in words', { MessageSizeOver: 'huge' }, 'ByteQuantifiedSize'],
    ['a size below zero', { ExceptIfAttachmentSizeOver: -1 }, 'ByteQuantifiedSize'],
    ['a size in a unit that is none', { AttachmentSizeOver: '10 MO' }, 'ByteQuantifiedSize'],
    ['a header name with a blank', { SetHeaderName: 'bad header:', SetHeaderValue: 'x' }, 'HeaderName'],
    ['a header to remove with a colon', { RemoveHeader: 'X-A:' }, 'HeaderName'],
    [
      'a header to look into that is no ASCII',
      { HeaderContainsMessageHeader: 'X-Ä', HeaderContainsWords: 'a' },
      'Name',
    ],
    ['a pattern that only RE2 knows', { SubjectMatchesPatterns: [String.raw`\Qa\E`] }, 'regular expression'],
    ['a code below the range', { RejectMessageEnhancedStatusCode: '5.7.899' }, '5.7.900'],
    [
      'a code below the range beside a text',
      { RejectMessageEnhancedStatusCode: '5.7.899', RejectMessageReasonText: 'no' },
      '5.7.900',
    ],
    ['a code of another family', { RejectMessageEnhancedStatusCode: '5.1.1' }, '5.7.900'],
    ['eleven addresses to redirect to', { RedirectMessageTo: manyPeople(11) }, '10'],
    ['a connector that does not exist', { RouteMessageOutboundConnector: 'none' }, "doesn't exist"],
    ['words without an attribute', { SenderADAttributeContainsWords: ['Copenhagen'] }, 'City:Copenhagen'],
    ['words of an attribute that is none', { RecipientADAttributeContainsWords: ['Mood:good'] }, 'Mood:good'],
    ['an attribute without words', { ExceptIfSenderADAttributeMatchesPatterns: ['City:'] }, 'is not an attribute'],
    ['a priority beyond the end', { Priority: 1 }, 'between 0 and 0'],
    ['a priority below the start', { Priority: -1 }, 'between 0 and 0'],
  ])('refuses %s', async (_case, change, text) => {
    const answer = await make(change);
    expect(answer.status).toBe(400);
    expect(textOf(answer)).toContain(text);
    expect(await order()).toEqual([]);
  });

  it.each([
    { ApplyHtmlDisclaimerFallbackAction: 'Wrap' },
    { ApplyHtmlDisclaimerLocation: 'Prepend' },
    { IncidentReportContent: ['Sender'] },
    { IncidentReportOriginalMail: 'IncludeOriginalMail' },
    { SetHeaderValue: 'x' },
  ])('takes no rule whose only action would be %j, which says more about another', async (change) => {
    const answer = await make({ SetSCL: null, ...change });
    expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining('at least one action')]);
  });

  it('answers what it asks of attributes with their names as the directory spells them', async () => {
    const asked = {
      SenderADAttributeContainsWords: ['city:Copenhagen,Aarhus', 'CUSTOMATTRIBUTE15:vip'],
      ExceptIfRecipientADAttributeMatchesPatterns: 'Title:^chief',
    };
    const [made] = (await make(asked)).body.value;
    expect(made).toMatchObject({
      SenderADAttributeContainsWords: ['City:Copenhagen,Aarhus', 'CustomAttribute15:vip'],
      ExceptIfRecipientADAttributeMatchesPatterns: ['Title:^chief'],
      Conditions: expect.arrayContaining([expect.stringMatching(/SenderADAttributeContainsWordsPredicate$/u)]),
    });
    expect(made.Description).toContain("'City:Copenhagen,Aarhus'");
    expect(canonical['Get-TransportRule'](made).Unfamiliar).toEqual(Object.keys(asked).toSorted());
  });

  it('finds rules by state, policy and description, and refuses another filter', async () => {
    await make();
    await make({ Name: 'mark', SenderIpRanges: null, PrependSubject: 'OUTSIDE: ', Enabled: false });
    const found = async (question: Record<string, unknown>): Promise<string[]> => {
      const { body } = await cloud.run('Get-TransportRule', question);
      return body.value.map(({ Name }: { Name: string }) => Name);
    };
    expect(await found({ State: 'Disabled' })).toEqual(['mark']);
    expect(await found({ Filter: "Description -like '*65.99.255*'" })).toEqual(['trust']);
    expect(await found({ Filter: 'Description -notlike "*OUTSIDE*"' })).toEqual(['trust']);
    expect(await found({ Filter: `Description -like '${'*e'.repeat(40)}*nobody*'` })).toEqual([]);
    expect(await found({ DlpPolicy: 'PCI' })).toEqual([]);
    expect((await cloud.run('Get-TransportRule', { Filter: "Priority -eq '1'" })).status).toBe(400);
  });

  it('refuses a name in use and more than 20 KB of patterns in all rules together', async () => {
    const patterns = (count: number) => Array.from({ length: count }, (_, index) => `${index}`.padStart(100, 'p'));
    await make({ SubjectMatchesPatterns: patterns(70) });
    await make({ Name: 'second', SubjectMatchesPatterns: patterns(70) });
    const many = await make({ Name: 'third', SubjectMatchesPatterns: patterns(70) });
    const again = await make({ Name: 'TRUST' });
    expect([many.status, again.status]).toEqual([400, 400]);
    expect(textOf(many)).toContain('20 KB');
    expect(typeOf(again)).toContain('AlreadyExists');
  });

  it('routes only to a connector that is enabled and waits for rules, and remembers it by name', async () => {
    await cloud.run('New-OutboundConnector', { ...ROUTED, Enabled: false });
    const disabled = await make({ RouteMessageOutboundConnector: 'out' });
    await cloud.run('Set-OutboundConnector', { Identity: 'out', Enabled: true });
    const { body } = await cloud.run('Get-OutboundConnector', { Identity: 'out' });
    const byGuid = await make({ RouteMessageOutboundConnector: body.value[0].Guid });
    expect([disabled.status, byGuid.body.value[0].RouteMessageOutboundConnector]).toEqual([400, 'out']);
    const everything = { Name: 'all', IsTransportRuleScoped: false, RecipientDomains: '*' };
    await cloud.run('New-OutboundConnector', { ...ROUTED, ...everything });
    expect(textOf(await make({ Name: 'second', RouteMessageOutboundConnector: 'all' }))).toContain('not scoped');
  });

  it('enables no rule whose connector is off', async () => {
    await cloud.run('New-OutboundConnector', ROUTED);
    await make({ RouteMessageOutboundConnector: 'out', Enabled: false });
    await cloud.directory({ switches: { usedConnectorChangeable: true } });
    await cloud.run('Set-OutboundConnector', { Identity: 'out', Enabled: false });
    const refused = await cloud.run('Enable-TransportRule', { Identity: 'trust' });
    await cloud.run('Set-OutboundConnector', { Identity: 'out', Enabled: true });
    const enabled = await cloud.run('Enable-TransportRule', { Identity: 'trust' });
    expect([refused.status, enabled.status]).toEqual([400, 200]);
  });

  it('takes 300 rules and no more', async () => {
    await make();
    const { transportRules } = cloud.tenant('contoso').stores;
    const [first] = transportRules.stored();
    for (let index = 1; index < 300; index += 1) {
      const rule = { ...first, Guid: `guid-${index}`, Name: `rule ${index}`, Priority: index };
      transportRules.put(rule.Guid, rule, 0, { visible: 0, effective: 0 });
    }
    const refused = await make({ Name: 'one more' });
    await cloud.run('Remove-TransportRule', { Identity: 'rule 299' });
    const taken = await make({ Name: 'one more' });
    expect([textOf(refused), taken.status]).toEqual([expect.stringContaining('300'), 200]);
  });

  it('has a property for every parameter', async () => {
    const [made] = (await make()).body.value;
    const documented = Object.keys(findCmdlet('New-TransportRule')?.parameters ?? {});
    expect(documented.filter((name) => !(name in made)).toSorted()).toEqual(['Confirm', 'Enabled', 'WhatIf']);
  });

  it('returns every parameter as a property, unset ones empty, levels as text, and a description', async () => {
    const made = await make({ ExceptIfMessageTypeMatches: 'Voicemail', RejectMessageReasonText: 'no' });
    const [rule] = made.body.value;
    expect(rule).toMatchObject({
      SetSCL: '-1',
      SenderIpRanges: ['65.99.255.0/24'],
      SubjectContainsWords: null,
      DeleteMessage: false,
      RejectMessageEnhancedStatusCode: '5.7.1',
      ManuallyModified: false,
      RuleErrorAction: 'Ignore',
      Conditions: ['Microsoft.Exchange.MessagingPolicies.Rules.Tasks.SenderIpRangesPredicate'],
      Exceptions: ['Microsoft.Exchange.MessagingPolicies.Rules.Tasks.MessageTypeMatchesPredicate'],
    });
    expect(rule.Description).toContain('Except if the message:');
    await cloud.run('Set-TransportRule', { Identity: 'trust', ExceptIfMessageTypeMatches: null, SenderIpRanges: [] });
    const { body } = await cloud.run('Get-TransportRule', { Identity: 'trust' });
    expect(body.value[0]).toMatchObject({ SenderIpRanges: null, Conditions: null, Exceptions: null });
  });

  it('refuses mail with 5.7.1 as soon as it has a text of its own', async () => {
    const code = async (): Promise<string> => {
      const { body } = await cloud.run('Get-TransportRule', { Identity: 'trust' });
      return body.value[0].RejectMessageEnhancedStatusCode;
    };
    await make({ RejectMessageEnhancedStatusCode: '5.7.900', RejectMessageReasonText: 'no' });
    expect(await code()).toBe('5.7.1');
    await cloud.run('Set-TransportRule', { Identity: 'trust', RejectMessageReasonText: null });
    await cloud.run('Set-TransportRule', { Identity: 'trust', RejectMessageEnhancedStatusCode: '5.7.912' });
    expect(await code()).toBe('5.7.912');
    await cloud.run('Set-TransportRule', { Identity: 'trust', RejectMessageReasonText: 'no' });
    expect(await code()).toBe('5.7.1');
  });

  it('lists an action once, whatever parameters it is made of', async () => {
    const actions = { RejectMessageEnhancedStatusCode: '5.7.900', ApplyHtmlDisclaimerText: 'x' };
    const [made] = (await make({ SetSCL: null, ...actions, ApplyHtmlDisclaimerLocation: 'Prepend' })).body.value;
    expect(made.Actions.map((name: string) => name.split('.').at(-1))).toEqual([
      'ApplyHtmlDisclaimerTextAction',
      'RejectMessageAction',
    ]);
  });

  it.each([
    ['36700160', '35 MB (36,700,160 bytes)'],
    ['1.5MB', '1.5 MB (1,572,864 bytes)'],
    ['22.5 MB (23,592,960 bytes)', '22.5 MB (23,592,960 bytes)'],
    [500, '500 B (500 bytes)'],
    [0, '0 B (0 bytes)'],
  ])('shows the size %s with its unit and its bytes', async (MessageSizeOver, shown) => {
    const [made] = (await make({ MessageSizeOver, SCLOver: -1 })).body.value;
    expect([made.MessageSizeOver, made.SCLOver]).toEqual([shown, '-1']);
  });

  it('inserts, moves and closes gaps, and says the bounds', async () => {
    for (const Name of ['a', 'b', 'c']) await make({ Name });
    await make({ Name: 'first', Priority: 0 });
    expect(await order()).toEqual(['0 first', '1 a', '2 b', '3 c']);
    await cloud.run('Set-TransportRule', { Identity: 'c', Priority: 1 });
    expect(await order()).toEqual(['0 first', '1 c', '2 a', '3 b']);
    await cloud.run('Remove-TransportRule', { Identity: 'first', Confirm: false });
    expect(await order()).toEqual(['0 c', '1 a', '2 b']);
    const beyond = await cloud.run('Set-TransportRule', { Identity: 'a', Priority: 3 });
    expect(textOf(beyond)).toContain('between 0 and 2');
  });

  it('changes its state by Enable and Disable only', async () => {
    await make({ Enabled: false });
    const state = async () => (await cloud.run('Get-TransportRule', { Identity: 'trust' })).body.value[0].State;
    const states = [await state()];
    for (const cmdlet of ['Enable-TransportRule', 'Disable-TransportRule']) {
      await cloud.run(cmdlet, { Identity: 'trust' });
      states.push(await state());
    }
    expect(states).toEqual(['Disabled', 'Enabled', 'Disabled']);
    expect((await cloud.run('Set-TransportRule', { Identity: 'trust', State: 'Enabled' })).status).toBe(400);
  });
});
