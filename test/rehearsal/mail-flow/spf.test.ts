import { describe, expect, it } from 'vitest';
import { cloud, contoso, type Internet, knock, passes } from './small-cloud.ts';

/** What the sender's domain says about 198.51.100.25. */
function spf(record: string | null, net: Internet = {}): string | undefined {
  const texts = { ...net.texts, ...(record === null ? {} : { 'outside.example': `v=spf1 ${record}` }) };
  return passes(knock(cloud([contoso()], { ...net, texts })))[0]?.authentication?.spf;
}

const texts = {
  'good.example': 'v=spf1 ip4:198.51.100.0/24 -all',
  'bad.example': 'v=spf1 ip4:192.0.2.1 -all',
  'open.example': 'v=spf1 ip4:192.0.2.1',
  'round.example': 'v=spf1 include:round.example -all',
  'broken.example': 'v=spf1 ip4:nonsense -all',
};
const addresses = {
  'outside.example': ['198.51.100.25'],
  'near.example': ['198.51.100.77'],
  'mx1.example': ['192.0.2.9'],
  'mx2.example': ['198.51.100.25'],
};
const many = Array.from({ length: 11 }, (_, index) => `mx${index}.many.example`);
const mx = { 'outside.example': ['mx1.example', 'mx2.example'], 'near.example': 'near.example', 'many.example': many };
const net: Internet = { texts, addresses, mx, reverse: { '198.51.100.25': 'mx2.example' } };

describe('rehearsal/mail-flow/spf (RFC 7208)', () => {
  it.each<[string | null, string]>([
    [null, 'none'],
    ['', 'neutral'],
    ['ip4:198.51.100.25 -all', 'pass'],
    ['ip4:198.51.100.0/24 -all', 'pass'],
    ['ip4:192.0.2.1 ~all', 'softfail'],
    ['ip4:192.0.2.1 ?all', 'neutral'],
    ['-ip4:198.51.100.25 +all', 'fail'],
    ['all', 'pass'],
    ['IP4:198.51.100.25 -ALL', 'pass'],
    ['ip6:2001:db8::/32 -all', 'fail'],
    ['a -all', 'pass'],
    ['a:near.example -all', 'fail'],
    ['a:near.example/24 -all', 'pass'],
    ['a/24//64 -all', 'pass'],
    ['a:near.example//64 -all', 'fail'],
    ['mx -all', 'pass'],
    ['mx:near.example -all', 'fail'],
    ['mx:near.example/24 -all', 'pass'],
    ['exists:near.example -all', 'pass'],
    ['exists:nobody.example -all', 'fail'],
    ['ptr -all', 'fail'],
    ['ptr:example -all', 'pass'],
    ['ptr:mx2.example -all', 'pass'],
    ['ptr:x2.example -all', 'fail'],
    ['include:good.example -all', 'pass'],
    ['include:bad.example ~all', 'softfail'],
    ['include:open.example -all', 'fail'],
    ['-include:good.example +all', 'fail'],
    ['redirect=good.example', 'pass'],
    ['redirect=bad.example', 'fail'],
    ['redirect=open.example', 'neutral'],
    ['ip4:192.0.2.1 redirect=good.example', 'pass'],
    ['~all redirect=good.example', 'softfail'],
    ['exp=why.example unknown=thing -all', 'fail'],
  ])('%s is %s', (record, result) => {
    expect(spf(record, net)).toBe(result);
  });

  it.each([
    'include:nobody.example -all',
    'include:round.example -all',
    'include:broken.example -all',
    'redirect=nobody.example',
    'redirect=good.example redirect=good.example',
    'redirect=',
    'mx:many.example -all',
    'ip4:198.51.100.25 oops -all',
    'ip4:198.51.100.25/33 -all',
    'ip4 -all',
    'a/33 -all',
    'all:me',
    'include -all',
    'ip4=198.51.100.25 +ip4=1',
    'a:no1.example a:no2.example a:no3.example -all',
    `${'a:near.example '.repeat(11)}-all`,
  ])('%s is a permanent error', (record) => {
    expect(spf(record, net)).toBe('permerror');
  });

  it('allows ten look-ups, and two in vain', () => {
    expect(spf(`${'a:near.example '.repeat(10)}-all`, net)).toBe('fail');
    expect(spf('a:no1.example a:no2.example a -all', net)).toBe('pass');
  });

  it('believes no name of a server that does not lead back to it', () => {
    expect(spf('ptr:near.example -all', { ...net, reverse: { '198.51.100.25': 'near.example' } })).toBe('fail');
  });

  it('counts the look-ups of included records too', () => {
    const included = { ...texts, 'deep.example': `v=spf1 ${'a:near.example '.repeat(9)}?all` };
    expect(spf('include:deep.example -all', { ...net, texts: included })).toBe('fail');
    expect(spf('include:deep.example mx -all', { ...net, texts: included })).toBe('permerror');
  });

  it('takes two records for none at all', () => {
    const two = { ...net.texts, 'outside.example': ['v=spf1 +all', 'v=spf1 -all'] };
    expect(spf(null, { ...net, texts: two })).toBe('permerror');
  });
});
