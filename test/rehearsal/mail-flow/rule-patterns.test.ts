import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rulePattern } from '../../../src/mail/routing/rule-pattern.ts';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { ruleExpression } from '../../../src/rehearsal/exchange/rules/rule-expression.ts';
import type { MailMessage } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { addressPatterns, headerPatterns } from './random-mail.ts';
import { cloud, contoso, ends, knock, rule } from './small-cloud.ts';

const plain = String.raw;

/** How a message ends that this rule would delete. */
function end(properties: ExchangeObject, facts: Partial<MailMessage> = {}): string | undefined {
  return ends(knock(cloud([contoso({ transportRules: [rule(0, { DeleteMessage: true, ...properties })] })]), facts))[0];
}

describe('rehearsal/exchange/rules/rule-expression', () => {
  it.each([
    [plain`\@outside\.example$`, 'someone@Outside.example', true],
    [plain`some\-one`, 'some-one', true],
    ['(?i)@OUTSIDE', 'someone@outside.example', true],
    [plain`\<\>`, '<>', true],
    [plain`[\w-\.]+@`, 'a-b.c@x', true],
    ['^(a+)+$', `${'a'.repeat(60)}!`, false],
    ['(?s)a.b|c', 'a\nb', true],
    ['(?n)(a)b', 'AB', true],
    ['(?-i)A', 'a', false],
    ['(?<!no-)reply', 'no-reply', false],
    [plain`(a)\1`, 'AA', true],
    [plain`(?'x'a)\k<x>`, 'aa', true],
    ['a(?#says nothing)b', 'ab', true],
    [plain`\Aa\u0062\x63\e?\z`, 'abc', true],
    [plain`a\Z`, 'a\n', true],
    ['[]a]{2}', ']a', true],
    ['[[:alpha:]]', 'a]', true],
    [plain`[\b]`, 'b', false],
    ['a{,3}]', 'a{,3}]', true],
    [plain`\p{Lu}`, '1', false],
    ['', 'anything', true],
  ])('%s reads %j: %s', (pattern, text, is) => {
    expect(ruleExpression(pattern)?.(text)).toBe(is);
  });

  it.each([
    '(open',
    'a)',
    '[a',
    '*a',
    'a**',
    'a\\',
    plain`\_`,
    plain`\Qa\E`,
    plain`\x4`,
    '(?P<a>b)',
    '(?U)a',
    '[b-a]',
    plain`[a-\d]`,
  ])('%s is no expression', (pattern) => {
    expect(ruleExpression(pattern)).toBeNull();
  });

  it.each([
    ['[a-z-[b]]', 'a'],
    [plain`[\w-[b]]`, 'a'],
    ['(?x)a b', 'ab'],
    ['(?>a+)b', 'ab'],
    [plain`\p{IsGreek}`, 'α'],
    ['^(?=(a+)+$)a', `${'a'.repeat(60)}!`],
    ['a', 'a'.repeat(20_001)],
  ])('cannot tell whether %s is in a text', (pattern, text) => {
    expect(ruleExpression(pattern)?.(text)).toBeNull();
  });

  it('reads what administrators write as the product does', () => {
    const written = [...addressPatterns, ...headerPatterns].filter((pattern) => ruleExpression(pattern) !== null);
    const texts = fc.oneof(
      fc.string({
        unit: fc.constantFrom(...'a b o e x s . @ < > - ; i Some secret outside .com boss@'.split(' ')),
        maxLength: 8,
      }),
      fc.constantFrom('someone@outside.example', 'boss@contoso.com', '<>', 'secret;in;clean', 'other;in;spam'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...written), texts, (pattern, text) => {
        expect(rulePattern(pattern)(text)).toBe(ruleExpression(pattern)?.(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('mail/routing/rule-pattern and rehearsal/exchange/rules/rule-expression', () => {
  const pieces = [
    ...plain`a B @ . - < ; _ é { } ] [ ( ) * + ? | ^ $ \. \@ \- \< \_ \; \/ \] \d \w \W \s \b \\ \& \x61 \u0061 \A \Z`.split(
      ' ',
    ),
    ...plain`[\w-\.] [\w-] [a-c] [^a] [\-a] [a\]] [[:a:]] (a|b) (?:a) a{1,2} a{,2} (?i) (?s) (?=a) \1 (?<n>a) \p{L}`.split(
      ' ',
    ),
  ];
  const patterns = fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((parts) => parts.join(''));
  const texts = fc.string({ unit: fc.constantFrom(...'aBc@.-<;_é1{]/& '.split('')), maxLength: 6 });

  it('say the same of whatever both can read, and the former reads nothing that is no expression', () => {
    let read = 0;
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const [byModel, byEngine] = [rulePattern(pattern)(text), ruleExpression(pattern)?.(text)];
        if (byModel === null || byEngine === null) return;
        read += 1;
        expect(byModel).toBe(byEngine);
      }),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(1000);
  });
});

describe('rehearsal/mail-flow/rule-conditions, of patterns', () => {
  it.each([
    ['a pattern that escapes any sign', { FromAddressMatchesPatterns: [plain`\@outside\.example$`] }, 'deleted'],
    ['the same as an exception', { ExceptIfFromAddressMatchesPatterns: [plain`\@outside\.example$`] }, 'inbox'],
    ['a pattern that takes others hours', { SubjectMatchesPatterns: ['^(h+)+!$'] }, 'inbox'],
    ['the same as an exception', { ExceptIfSubjectMatchesPatterns: ['^(h+)+!$'] }, 'deleted'],
    ['a pattern that cannot be read', { SubjectMatchesPatterns: ['('] }, 'inbox'],
    ['an exception that cannot be read', { ExceptIfSubjectMatchesPatterns: ['('] }, 'inbox'],
    ['a pattern that cannot be read beside one that holds', { SubjectMatchesPatterns: ['(', 'hello'] }, 'deleted'],
    [
      'one that cannot be read beside one that holds, as exceptions',
      { ExceptIfSubjectMatchesPatterns: ['(', 'l{2}'] },
      'inbox',
    ],
    [
      'a pattern that cannot be read where something else fails',
      { SubjectMatchesPatterns: ['('], RuleErrorAction: 'Defer', FromScope: 'InOrganization' },
      'inbox',
    ],
    [
      'a pattern that cannot be read in a rule that rather waits',
      { SubjectMatchesPatterns: ['('], RuleErrorAction: 'Defer' },
      'deferred 451 4.7.0',
    ],
    [
      'an exception that cannot be read in a rule that rather waits',
      { ExceptIfSubjectMatchesPatterns: ['('], RuleErrorAction: 'Defer' },
      'deferred 451 4.7.0',
    ],
    [
      'the same in a rule that only watches',
      { SubjectMatchesPatterns: ['('], RuleErrorAction: 'Defer', Mode: 'Audit' },
      'inbox',
    ],
  ])('decides on %s: %j is %s', (_, properties, is) => {
    expect(end(properties)).toBe(is);
  });
});
