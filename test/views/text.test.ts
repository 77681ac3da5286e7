import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, cleanCode, cleanForMarkdown, showName } from '../../src/views/text.ts';
import { hostileText } from './hostile.ts';

describe('views/text', () => {
  it('leaves ordinary names and sentences as they are', () => {
    for (const text of ['Lock down contoso.com', 'Zoë Müller', '株式会社', 'a – b “c” 100 %', '[not](a link)']) {
      expect(clean(text)).toBe(text);
    }
  });

  it.each([
    ['con\u200Btoso.com', 'contoso.com'],
    ['\u202Emoc.osotnoc\u202C', 'moc.osotnoc'],
    ['\u2066a\u2069', 'a'],
    ['a\r\n\tb\u2028c', 'a b c'],
    ['{{DATE(x)}}', '{ {DATE(x)}}'],
    ['{\u200B{DATE(x)}}', '{ {DATE(x)}}'],
    ['${title}', '$ {title}'],
    ['$\u2060{title}', '$ {title}'],
    ['<at>Ada</at>', '< at>Ada< /at>'],
    ['\u0000\u001B[31m', '[31m'],
    ['\u{E0041}\u3164\uFE0F', ''],
    ['\uD800x', 'x'],
  ])('turns %j into %j', (text, cleaned) => {
    expect(clean(text)).toBe(cleaned);
  });

  it('gives the same again when cleaned twice, within its length and without anything that acts', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 5, max: 400 }), (text, max) => {
        const cleaned = clean(text, max);
        expect(clean(cleaned, max)).toBe(cleaned);
        expect(cleaned.length).toBeLessThanOrEqual(max);
        expect(cleaned).not.toMatch(/\{\{|\$\{|<\/?at\b/i);
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it('cuts between characters', () => {
    expect(clean('😀😀😀', 4)).toBe('😀…');
  });

  it('cleans a megabyte in a moment', () => {
    const before = performance.now();
    clean('{'.repeat(1_000_000));
    clean('z\u0301\u0301\u0301'.repeat(300_000));
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('escapes what markdown would act on', () => {
    expect(cleanForMarkdown('[x](https://e.example) **b**')).toBe(String.raw`\[x\]\(https\://e\.example\) \*\*b\*\*`);
  });

  it('shows the DNS form beside foreign letters', () => {
    expect(showName('contoso.com')).toBe('contoso.com');
    expect(showName('соntoso.com')).toBe('соntoso.com (in DNS: xn--ntoso-iyeu.com)');
    expect(showName('сontoso')).toBe('сontoso (holds letters outside plain Latin)');
  });

  it('keeps every blank of a line of code', () => {
    expect(cleanCode("Set-X -Name 'a  b'", 100)).toBe("Set-X -Name 'a  b'");
  });
});
