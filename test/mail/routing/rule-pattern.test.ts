import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rulePattern } from '../../../src/mail/routing/rule-pattern.ts';

describe('mail/routing/rule-pattern', () => {
  it.each([
    String.raw`^(\w+\.?)+@partner\.com$`,
    '^(a+)+$',
    '^(a*)*$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^(?:a?){90}a{90}$',
    'a*a*a*a*a*a*a*a*a*a*!$',
    '(.*a){30}b',
    String.raw`^([a-z0-9]+[.-]?)*@([a-z0-9]+[.-]?)+\.[a-z]{2,}$`,
    '((((((((a*)*)*)*)*)*)*)*)*$b',
  ])('%s is answered at once for a text that makes other engines try for hours', (pattern) => {
    expect(rulePattern(pattern)(`${'a'.repeat(900)}!@evil.example`)).toBe(false);
  });

  it.each([
    [String.raw`^(\w+\.?)+@partner\.com$`, 'jo.an.dark@Partner.com', true],
    [String.raw`^(\w+\.?)+@partner\.com$`, 'joan@partner.com.example', false],
    ['^T;', 't;in', true],
    ['<>', '<>', true],
    [String.raw`\bnews\b`, 'the news@contoso.com', true],
    [String.raw`\bnews\b`, 'newspaper', false],
    [String.raw`\d{3}-\d{2,}`, 'a 123-4', false],
    [String.raw`\d{3}-\d{2,}`, 'a 123-45678', true],
    [String.raw`(?<user>[^@\]]+)@(?:a|b)`, 'x@b', true],
    [String.raw`^\p{Lu}+$`, 'ÄÖ', true],
    [String.raw`\@outside\.example$`, 'someone@Outside.example', true],
    [String.raw`some\-one`, 'some-one', true],
    [String.raw`\<\>`, '<>', true],
    ['(?i)@OUTSIDE', 'someone@outside.example', true],
    [String.raw`^[\w-\.]+@`, 'a-b.c@x', true],
    [String.raw`\\w-`, String.raw`a\w-`, true],
    [String.raw`\\w-`, 'aw-', false],
    ['', 'anything', true],
  ])('%s reads %s: %s', (pattern, text, is) => {
    expect(rulePattern(pattern)(text)).toBe(is);
  });

  it.each([
    ['a back-reference', String.raw`(a+)\1`],
    ['looking ahead', '(?=a)b'],
    ['looking behind', '(?<!a)b'],
    ['what only .NET knows', '(?>a+)b'],
    ['what is no expression', '(open'],
    ['what only RE2 knows', '[[:alpha:]]'],
    ['a repetition that makes too many states', '((a{99}){99}){99}'],
    ['a repetition without sense', 'a{1,999999999999}'],
    ['options in the middle', 'a(?i)b'],
    ['a class that takes another one away', '[a-z-[b]]'],
    ['a pattern that is too long', 'a'.repeat(1001)],
  ])('says nothing about %s', (_what, pattern) => {
    expect(rulePattern(pattern)('aaa')).toBeNull();
  });

  it('says nothing about texts that are too long', () => {
    expect(rulePattern('a')('a'.repeat(1001))).toBeNull();
  });

  it('answers like the engine of the language, or not at all', () => {
    fc.assert(
      fc.property(expressions, fc.array(texts, { minLength: 5, maxLength: 10 }), (source, samples) => {
        const engine = new RegExp(source, 'iu');
        const isHeldBy = rulePattern(source);
        for (const text of samples) expect([null, engine.test(text)]).toContain(isHeldBy(text));
      }),
      { numRuns: 500 },
    );
  });

  it('has an answer for every expression that neither refers back nor looks around and is not too large', () => {
    fc.assert(
      fc.property(
        expressions.filter((source) => !source.includes('{')),
        texts,
        (source, text) => {
          expect(rulePattern(source)(text)).toBe(new RegExp(source, 'iu').test(text));
        },
      ),
    );
  });
});

const texts = fc.string({
  unit: fc.constantFrom('a', 'B', 'c', '1', '.', '@', ' ', '-', 'ß', '😀', '\n'),
  maxLength: 6,
});

const atoms = fc.constantFrom(
  ...'a b C @ - . 😀 [ab] [^a] [^\\]] [a-c.] \\d \\D \\w \\W \\s \\S \\. \\n \\p{L} \\P{L}'.split(' '),
);
const quantifiers = fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{0}', '{0,2}', '{1,}', '{1,3}?');

/** Small ones only: the engine they are compared with is the one that may try for hours. */
const { expression: expressions } = fc.letrec<{ expression: string; row: string; part: string; group: string }>(
  (tie) => ({
    expression: fc.array(tie('row'), { minLength: 1, maxLength: 3 }).map((rows) => rows.join('|')),
    row: fc.array(tie('part'), { maxLength: 3 }).map((parts) => parts.join('')),
    part: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.tuple(atoms, quantifiers).map(([one, often]) => `${one}${often}`),
      fc.constantFrom('^', '$', '\\b'),
      fc.tuple(tie('group'), quantifiers).map(([one, often]) => `${one}${often}`),
    ),
    group: fc.tuple(fc.constantFrom('(', '(?:'), tie('expression')).map(([open, inner]) => `${open}${inner})`),
  }),
);
