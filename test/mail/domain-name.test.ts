import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookAlikes, parseDomainName } from '../../src/mail/domain-name.ts';

const legal: readonly (readonly [typed: string, name: string, unicode: string])[] = [
  ['contoso.com', 'contoso.com', 'contoso.com'],
  ['  Contoso.COM. ', 'contoso.com', 'contoso.com'],
  ['sales.contoso.com', 'sales.contoso.com', 'sales.contoso.com'],
  ['BÜCHER.Test', 'xn--bcher-kva.test', 'bücher.test'],
  ['xn--bcher-kva.test', 'xn--bcher-kva.test', 'bücher.test'],
  ['bu\u0308cher.test', 'xn--bcher-kva.test', 'bücher.test'],
  ['ｃｏｎｔｏｓｏ．ｃｏｍ', 'contoso.com', 'contoso.com'],
  ['contoso。com', 'contoso.com', 'contoso.com'],
  ['faß.de', 'xn--fa-hia.de', 'faß.de'],
  ['r3---sn.example', 'r3---sn.example', 'r3---sn.example'],
  ['1.2.3.example', '1.2.3.example', '1.2.3.example'],
  ['אבג.example', 'xn--4dbcd.example', 'אבג.example'],
  ['日本ラボ.example', 'xn--zdkza9018ancb.example', '日本ラボ.example'],
  [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
];

const illegal: readonly (readonly [typed: string, because: RegExp])[] = [
  ['', /empty/],
  ['   ', /empty/],
  ['contoso', /single word/],
  ['contoso.', /single word/],
  ['a..b', /two dots/],
  ['.contoso.com', /two dots in a row or a dot at the beginning/],
  ['_dmarc.contoso.com', /underscore/],
  ['-contoso.com', /hyphen/],
  ['contoso-.com', /hyphen/],
  ['*.contoso.com', /wildcard/],
  ['rita@contoso.com', /e-mail address/],
  ['https://contoso.com/', /web address/],
  ['192.0.2.1', /IP address/],
  ['[192.0.2.1]', /IP address/],
  ['2001:db8::1', /IP address/],
  ['1.2.3', /ends in a number/],
  ['contoso.0x7f', /ends in a number/],
  ['contoso .com', /space/],
  ['contoso\u00a0.com', /space/],
  ['con\u200btoso.com', /cannot be seen/],
  ['con\u200dtoso.com', /cannot be seen/],
  ['con\u00adtoso.com', /cannot be seen/],
  ['con\ufe0ftoso.com', /cannot be seen/],
  ['con\u3164toso.com', /cannot be seen/],
  ['\u202ecom.osotnoc', /cannot be seen/],
  ['\u2066contoso.com', /cannot be seen/],
  ['contoso\u0000.com', /cannot be seen/],
  ['\ud800contoso.com', /cannot be seen/],
  ['contoso∕x.com', /symbols/],
  ['☃.example', /symbols/],
  ['aאb.example', /cannot have/],
  ['xn--zzzzzz-.test', /punycode/],
  [`${'a'.repeat(64)}.example`, /more than 63/],
  [`${'a.'.repeat(126)}example`, /longer than 253/],
  ['a'.repeat(10_000), /far too long/],
];

describe('mail/domain-name', () => {
  it.each(legal)('reads %j as %s', (typed, name, unicode) => {
    expect(parseDomainName(typed)).toMatchObject({ ok: true, name, unicode });
  });

  it.each(illegal)('refuses %j and says why', (typed, because) => {
    const parsed = parseDomainName(typed);

    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.reason).toMatch(because);
  });

  it('never repeats an invisible character in a reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseDomainName(text);
        return parsed.ok || !/[\p{Cc}\p{Cf}]/u.test(parsed.reason);
      }),
    );
  });

  it('reads its own answers as themselves, in both forms', () => {
    const label = fc.string({ unit: fc.constantFrom(...Array.from('abz09-üßאδж中ー')), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 2, maxLength: 4 }), (labels) => {
        const once = parseDomainName(labels.join('.'));
        fc.pre(once.ok);
        expect(parseDomainName(once.name)).toEqual(once);
        expect(parseDomainName(once.unicode)).toEqual(once);
        expect(once.name).toMatch(/^[a-z\d.-]{1,253}$/);
      }),
    );
  });

  it.each(['соntoso.com', 'contosο.com', 'xn--ntoso-iyeu.com', 'paypаl.example'])(
    'flags the mixed scripts of %s',
    (name) => {
      expect(parseDomainName(name)).toMatchObject({ ok: true, mixedScript: true });
    },
  );

  it.each(['contoso.com', 'пример.com', 'abc日本.example', 'bücher.test', 'h2o-24.example'])(
    'finds one script in %s',
    (name) => {
      expect(parseDomainName(name)).toMatchObject({ ok: true, mixedScript: false });
    },
  );
});

describe('mail/domain-name look-alikes', () => {
  const known = [
    'contoso.com',
    'sales.contoso.com',
    'fabrikam.com',
    'modern.example',
    'wingtip.example',
    'bücher.test',
  ];

  it.each([
    ['cont0so.com', 'contoso.com'],
    ['contosso.com', 'contoso.com'],
    ['cotnoso.com', 'contoso.com'],
    ['соntoso.com', 'contoso.com'],
    ['соηтоѕο.com', 'contoso.com'],
    ['con\u200dtoso.com', 'contoso.com'],
    ['xn--ntoso-iyeu.com', 'contoso.com'],
    ['m0dem.example', 'modern.example'],
    ['vvingtlp.example', 'wingtip.example'],
    ['fabr1kam.com', 'fabrikam.com'],
    ['bucher.test', 'bücher.test'],
  ])('asks for %j whether %s is meant', (wanted, meant) => {
    expect(lookAlikes(wanted, known)[0]).toBe(meant);
  });

  it('puts the same appearance before a near spelling', () => {
    expect(lookAlikes('cont0so.com', ['contoso.co', 'contos.com', 'contoso.com'])[0]).toBe('contoso.com');
  });

  it('offers nothing for a name that is far from all', () => {
    expect(lookAlikes('northwind.example', ['contoso.com', 'fabrikam.com'])).toEqual([]);
  });

  it('never offers the exact name, whatever its form', () => {
    const names = ['contoso.com', 'bücher.test', 'xn--bcher-kva.test', 'Contoso.com.'];
    for (const name of names) expect(lookAlikes(name, ['contoso.com', 'xn--bcher-kva.test'])).toEqual([]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string()), (wanted, others) => {
        expect(lookAlikes(wanted, [...others, wanted])).not.toContain(wanted);
      }),
    );
  });
});
