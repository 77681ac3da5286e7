import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { MailMessage } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { cloud, contoso, ends, gatewayIp, knock, passes, routed, rule, rulesHit, send } from './small-cloud.ts';

function hits(conditions: ExchangeObject, facts: Partial<MailMessage> = {}, source?: string): boolean {
  const setup = contoso({ transportRules: [rule(0, { ...conditions, SetHeaderName: 'X-Hit', SetHeaderValue: '1' })] });
  const journey = knock(cloud([setup]), facts, source === undefined ? {} : { source });
  return (rulesHit(journey)[0] ?? []).length === 1;
}

const header = { headers: [{ name: 'X-Verdict', value: 'secret;in;clean' }] };

describe('rehearsal/mail-flow/rule-conditions (fidelity point 19)', () => {
  it.each<[string, boolean, ExchangeObject, Partial<MailMessage>?, string?]>([
    ['no condition at all', true, {}],
    ['mail from outside', true, { FromScope: 'NotInOrganization' }],
    ['a forged own sender from outside', true, { FromScope: 'NotInOrganization' }, { from: 'alex@contoso.com' }],
    ['an own sender from outside', false, { FromScope: 'InOrganization' }, { from: 'alex@contoso.com' }],
    ['mail to inside', true, { SentToScope: 'InOrganization' }],
    ['mail to a partner', false, { SentToScope: 'ExternalPartner' }],
    ['both conditions together', true, { SentToScope: 'InOrganization', FromScope: 'NotInOrganization' }],
    ['one of two conditions', false, { SentToScope: 'InOrganization', FromScope: 'InOrganization' }],
    ['any entry of a list', true, { RecipientDomainIs: ['other.example', 'contoso.com'] }],
    ['a sub-domain of the recipient', true, { RecipientDomainIs: ['contoso.com'] }, { to: 'kim@sales.contoso.com' }],
    ['a sub-domain of the sender', true, { SenderDomainIs: ['outside.example'] }, { from: 'a@b.outside.example' }],
    ['a domain that only ends alike', false, { SenderDomainIs: ['side.example'] }],
    [
      'the header From',
      false,
      { SenderDomainIs: ['env.example'] },
      { from: 'a@env.example', headerFrom: 'b@head.example' },
    ],
    [
      'the envelope',
      true,
      { SenderDomainIs: ['env.example'], SenderAddressLocation: 'Envelope' },
      { from: 'a@env.example', headerFrom: 'b@head.example' },
    ],
    [
      'header or envelope',
      true,
      { SenderDomainIs: ['head.example'], SenderAddressLocation: 'HeaderOrEnvelope' },
      { from: 'a@env.example', headerFrom: 'b@head.example' },
    ],
    [
      'the null sender',
      true,
      { FromAddressMatchesPatterns: ['<>'], SenderAddressLocation: 'HeaderOrEnvelope' },
      { from: '', headerFrom: 'postmaster@x.example' },
    ],
    ['the last hop in a block', true, { SenderIpRanges: ['65.99.0.0/16'] }, {}, gatewayIp],
    ['the last hop in a dash range', true, { SenderIpRanges: ['65.99.255.1-65.99.255.20'] }, {}, gatewayIp],
    ['an earlier hop', false, { SenderIpRanges: ['65.99.255.0/24'] }, { hops: [gatewayIp] }],
    [
      'a header pattern',
      true,
      { HeaderMatchesMessageHeader: 'x-verdict', HeaderMatchesPatterns: ['^secret;in;'] },
      header,
    ],
    [
      'another header pattern',
      false,
      { HeaderMatchesMessageHeader: 'X-Verdict', HeaderMatchesPatterns: ['^other;'] },
      header,
    ],
    ['a header word', true, { HeaderContainsMessageHeader: 'X-Verdict', HeaderContainsWords: ['CLEAN'] }, header],
    [
      'a part of a header word',
      false,
      { HeaderContainsMessageHeader: 'X-Verdict', HeaderContainsWords: ['clea'] },
      header,
    ],
    ['the message type', true, { MessageTypeMatches: 'OOF' }, { type: 'OOF' }],
    ['another message type', false, { MessageTypeMatches: 'OOF' }, { type: 'Calendaring' }],
    ['the size in words', true, { MessageSizeOver: '22.5 MB (23,592,960 bytes)' }, { size: 23_592_960 }],
    ['the size in units', false, { MessageSizeOver: '10MB' }, { size: 10_000_000 }],
    ['spam by its level', true, { SCLOver: '5' }, { content: 'spam' }],
    ['ham by its level', false, { SCLOver: '5' }],
    ['an exception', false, { ExceptIfSubjectContainsWords: ['hello'] }],
    ['one of two exceptions', false, { ExceptIfSubjectContainsWords: ['hello'], ExceptIfSCLOver: '5' }],
    ['an attachment that no message has', false, { AttachmentIsPasswordProtected: true }],
  ])('decides on %s: %s', (_, expected, conditions, facts, source) => {
    expect(hits(conditions, facts, source)).toBe(expected);
  });

  it.each<[string, boolean, ExchangeObject, Partial<MailMessage>?]>([
    ['the group of the recipient', true, { SentToMemberOf: ['Pilot@contoso.com'] }],
    ['a group that the recipient is not in', false, { SentToMemberOf: ['board@contoso.com'] }],
    ['a group within a group', true, { SentToMemberOf: ['everybody@contoso.com'] }],
    ['a group that nobody made', false, { SentToMemberOf: ['nobody@contoso.com'] }],
    ['any of several groups', true, { SentToMemberOf: ['board@contoso.com', 'pilot@contoso.com'] }],
    ['the group of the sender', true, { FromMemberOf: ['board@contoso.com'] }, { from: 'kim@sales.contoso.com' }],
    ['a group that the sender is not in', false, { FromMemberOf: ['board@contoso.com'] }],
    ['the group of another recipient', true, { AnyOfToHeaderMemberOf: ['board@contoso.com'] }],
    ['an excepted group', false, { ExceptIfSentToMemberOf: ['pilot@contoso.com'] }],
    [
      'two groups between which it goes',
      true,
      { BetweenMemberOf1: ['pilot@contoso.com'], BetweenMemberOf2: ['board@contoso.com'] },
      { from: 'kim@sales.contoso.com' },
    ],
    [
      'two groups between which it does not go',
      false,
      { BetweenMemberOf1: ['pilot@contoso.com'], BetweenMemberOf2: ['board@contoso.com'] },
    ],
  ])('decides on %s: %s', (_, expected, conditions, facts) => {
    const groups = new Map([
      ['pilot@contoso.com', new Set(['info@contoso.com'])],
      ['board@contoso.com', new Set(['kim@sales.contoso.com'])],
      ['everybody@contoso.com', new Set(['pilot@contoso.com', 'everybody@contoso.com'])],
    ]);
    const transportRules = [rule(0, { ...conditions, SetHeaderName: 'X-Hit', SetHeaderValue: '1' })];
    const recipients = ['info@contoso.com', 'kim@sales.contoso.com'];
    const journey = knock(cloud([contoso({ groups, transportRules })]), { recipients, ...facts });
    expect(rulesHit(journey)).toEqual([expected ? ['Rule 0'] : []]);
  });

  it('sees the primary address instead of the one in the initial domain', () => {
    const to = 'alex@contoso.onmicrosoft.com';
    expect(hits({ RecipientDomainIs: ['contoso.com'] }, { to })).toBe(true);
    expect(hits({ RecipientDomainIs: ['contoso.com'], RecipientAddressType: 'Original' }, { to })).toBe(false);
  });

  it('asks of the header alone who is inside and between which groups it goes, wherever addresses are looked for', () => {
    const groups = new Map([
      ['board@contoso.com', new Set(['alex@contoso.com'])],
      ['pilot@contoso.com', new Set(['info@contoso.com'])],
    ]);
    const reply = { from: '', headerFrom: 'alex@contoso.com', to: 'info@contoso.com' };
    for (const asked of [
      { FromScope: 'InOrganization' },
      { BetweenMemberOf1: ['board@contoso.com'], BetweenMemberOf2: ['pilot@contoso.com'] },
    ]) {
      const transportRules = [rule(0, { ...asked, SenderAddressLocation: 'Envelope', SetSCL: '-1' })];
      expect(rulesHit(send(cloud([contoso({ groups, transportRules })]), reply))).toEqual([['Rule 0']]);
    }
  });

  it('takes a user for inside, and a forwarded invitation for outside', () => {
    const setup = contoso({ transportRules: [rule(0, { FromScope: 'InOrganization', SetSCL: '-1' })] });
    expect(rulesHit(send(cloud([setup])))).toEqual([['Rule 0']]);
    expect(rulesHit(send(cloud([setup]), { from: 'host@partner.example', to: 'info@contoso.com' }))).toEqual([[]]);
  });
});

describe('rehearsal/mail-flow/transport-rules (fidelity point 19)', () => {
  function run(rules: readonly ExchangeObject[], switches = {}, facts: Partial<MailMessage> = {}) {
    return knock(cloud([contoso({ transportRules: rules })], {}, switches), facts);
  }

  it('goes by priority, not by the order of the list', () => {
    const journey = run([rule(2, { SetSCL: '9' }), rule(0, { SetSCL: '5' }), rule(1, { SetSCL: '-1' })]);
    expect(rulesHit(journey)).toEqual([['Rule 0', 'Rule 1', 'Rule 2']]);
    expect(passes(journey)[0]?.scl).toBe(9);
  });

  it('stops where a rule says so', () => {
    expect(
      rulesHit(run([rule(0, { SetSCL: '-1', StopRuleProcessing: true }), rule(1, { DeleteMessage: true })])),
    ).toEqual([['Rule 0']]);
  });

  it('stops at a quarantine', () => {
    const journey = run([rule(0, { Quarantine: true }), rule(1, { DeleteMessage: true })]);
    expect(ends(journey)).toEqual(['quarantined']);
    expect(rulesHit(journey)).toEqual([['Rule 0']]);
  });

  it('does nothing in audit mode but to notice', () => {
    const journey = run([
      rule(0, { Mode: 'Audit', DeleteMessage: true, StopRuleProcessing: true }),
      rule(1, { SetSCL: '-1' }),
    ]);
    expect(ends(journey)).toEqual(['inbox']);
    expect(rulesHit(journey)).toEqual([['Rule 0', 'Rule 1']]);
    expect(
      rulesHit(
        run([rule(0, { Mode: 'Audit', DeleteMessage: true, StopRuleProcessing: true }), rule(1, { SetSCL: '-1' })], {
          auditStops: true,
        }),
      ),
    ).toEqual([['Rule 0']]);
  });

  it('leaves rules out that are off, not yet on or no longer on', () => {
    const journey = run([
      rule(0, { DeleteMessage: true, State: 'Disabled' }),
      rule(1, { DeleteMessage: true, ActivationDate: '2026-12-01T00:00:00Z' }),
      rule(2, { DeleteMessage: true, ExpiryDate: '2026-11-01T00:00:00Z' }),
      rule(3, { SetSCL: '-1', ActivationDate: '2026-11-01T00:00:00Z', ExpiryDate: '2026-12-01T00:00:00Z' }),
    ]);
    expect(rulesHit(journey)).toEqual([['Rule 3']]);
  });

  it.each<[ExchangeObject, string]>([
    [{ DeleteMessage: true }, 'deleted'],
    [{ RejectMessageReasonText: 'No.' }, 'refused 550 5.7.1'],
    [{ RejectMessageEnhancedStatusCode: '5.7.912' }, 'refused 550 5.7.912'],
    [{ ModerateMessageByUser: ['kim@sales.contoso.com'] }, 'held'],
    [{ SetSCL: '6' }, 'junk'],
    [{ SetSCL: '-1' }, 'inbox'],
  ])('ends with %j as %s', (action, end) => {
    expect(ends(run([rule(0, action)]))).toEqual([end]);
  });

  it('lets the spam level be an input only when the switch says so', () => {
    expect(ends(run([rule(0, { SetSCL: '6' })], { sclIsOnlyInput: true }))).toEqual(['inbox']);
  });

  it('bypasses the spam filter but not the malware filter', () => {
    const bypass = [rule(0, { SetSCL: '-1' })];
    expect(ends(run(bypass, {}, { content: 'spam' }))).toEqual(['inbox']);
    expect(ends(run(bypass, {}, { content: 'malware' }))).toEqual(['quarantined']);
    expect(ends(run([], {}, { content: 'spam' }))).toEqual(['junk']);
  });

  it('shows a header that one rule sets to the next', () => {
    const journey = run([
      rule(0, { SetHeaderName: 'X-Mark', SetHeaderValue: 'yes' }),
      rule(1, { HeaderContainsMessageHeader: 'X-Mark', HeaderContainsWords: ['yes'], PrependSubject: '[marked] ' }),
      rule(2, { SubjectContainsWords: ['marked'], RemoveHeader: 'X-Mark' }),
      rule(3, { HeaderContainsMessageHeader: 'X-Mark', HeaderContainsWords: ['yes'], DeleteMessage: true }),
    ]);
    expect(rulesHit(journey)).toEqual([['Rule 0', 'Rule 1', 'Rule 2']]);
  });

  it('redirects instead of the recipient and copies beside', () => {
    const journey = run([
      rule(0, { RedirectMessageTo: ['kim@sales.contoso.com'] }),
      rule(1, { BlindCopyTo: ['archive@elsewhere.example'] }),
    ]);
    expect(journey.outcomes.map(({ kind, recipient }) => [kind, recipient])).toEqual([
      ['inbox', 'kim@sales.contoso.com'],
      ['outside', 'archive@elsewhere.example'],
    ]);
  });

  it.each<[string, ExchangeObject, string]>([
    ['goes on without the connector', { RuleErrorAction: 'Ignore' }, 'inbox'],
    ['waits for the connector', { RuleErrorAction: 'Defer' }, 'deferred 451 4.7.0'],
  ])('%s when it cannot be used', (_, action, end) => {
    const setup = contoso({
      transportRules: [rule(0, { RouteMessageOutboundConnector: 'Gone', ...action })],
      outboundConnectors: [routed('Gone', 'mx.elsewhere.example', { Enabled: false })],
    });
    expect(ends(knock(cloud([setup])))).toEqual([end]);
  });

  it('lets a message leave over TLS only where a rule says so', () => {
    const out = routed('Out', 'plain.elsewhere.example', { IsTransportRuleScoped: false, RecipientDomains: ['*'] });
    const secure = rule(0, { RouteMessageOutboundRequireTls: true });
    const plain = { clearText: ['plain.elsewhere.example'] };
    const setup = contoso({ outboundConnectors: [out], transportRules: [secure] });
    expect(ends(send(cloud([{ ...setup, transportRules: [] }], plain)))).toEqual(['outside']);
    expect(ends(send(cloud([setup], plain)))).toEqual(['deferred 450 4.4.317']);
    expect(ends(send(cloud([setup])))).toEqual(['outside']);
  });

  it('takes the last of several routes, or the first when the switch says so', () => {
    const setup = contoso({
      transportRules: [
        rule(0, { RouteMessageOutboundConnector: 'One' }),
        rule(1, { RouteMessageOutboundConnector: 'Two' }),
      ],
      outboundConnectors: [routed('One', 'one.elsewhere.example'), routed('Two', 'two.elsewhere.example')],
    });
    expect(knock(cloud([setup])).outcomes[0]?.detail).toBe('two.elsewhere.example');
    expect(knock(cloud([setup], {}, { firstRouteWins: true })).outcomes[0]?.detail).toBe('one.elsewhere.example');
  });
});
