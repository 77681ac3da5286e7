import { describe, expect, it } from 'vitest';
import { expandName, hasOnlyMacros } from '../../../src/rehearsal/mail-flow/spf-macros.ts';
import { cloud, contoso, type Internet, knock, passes } from './small-cloud.ts';

/** The worked examples of RFC 7208 §7.4. */
const facts = {
  sender: 'strong-bad@email.example.com',
  domain: 'email.example.com',
  address: '192.0.2.3',
  helo: 'mx.example.org',
  serverName: () => 'mx.example.org',
};

describe('rehearsal/mail-flow/spf-macros (RFC 7208 §7)', () => {
  it.each([
    ['%{s}', 'strong-bad@email.example.com'],
    ['%{o}', 'email.example.com'],
    ['%{d}', 'email.example.com'],
    ['%{d4}', 'email.example.com'],
    ['%{d3}', 'email.example.com'],
    ['%{d2}', 'example.com'],
    ['%{d1}', 'com'],
    ['%{dr}', 'com.example.email'],
    ['%{d2r}', 'example.email'],
    ['%{l}', 'strong-bad'],
    ['%{l-}', 'strong.bad'],
    ['%{lr}', 'strong-bad'],
    ['%{lr-}', 'bad.strong'],
    ['%{l1r-}', 'strong'],
    ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
    ['%{lr-}.lp.%{ir}.%{v}._spf.%{d2}', 'bad.strong.lp.3.2.0.192.in-addr._spf.example.com'],
    ['%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}', '3.2.0.192.in-addr.strong.lp._spf.example.com'],
    ['%{d2}.trusted-domains.example.net', 'example.com.trusted-domains.example.net'],
    ['%{p}.%{h}', 'mx.example.org.mx.example.org'],
    ['a%%b%_c%-d', 'a%b c%20d'],
  ])('reads %s as %s', (text, name) => {
    expect(expandName(text, facts)).toBe(name);
  });

  it('writes what an upper-case letter stands for as a part of an address on the web', () => {
    expect(expandName('%{L}.x.example', { ...facts, sender: 'a b@email.example.com' })).toBe('a%20b.x.example');
  });

  it('cuts a name that is too long from the left, by whole labels', () => {
    const sender = `${Array.from({ length: 60 }, () => 'abcd').join('.')}@email.example.com`;
    const name = expandName('%{l}.%{d}', { ...facts, sender });
    expect(name.length).toBeLessThanOrEqual(253);
    expect(name).toMatch(/^abcd\..*\.email\.example\.com$/u);
  });

  it.each(['%', '%{', '%{x}', '%{c}', '%{d0}', '%(d)', '%{d2r.x}', 'a%b'])('takes %s for no macro', (text) => {
    expect(hasOnlyMacros(text)).toBe(false);
  });
});

function spf(record: string, net: Internet, from = 'strong-bad@outside.example'): string | undefined {
  const texts = { ...net.texts, 'outside.example': `v=spf1 ${record}` };
  return passes(knock(cloud([contoso()], { ...net, texts }), { from }))[0]?.authentication?.spf;
}

const here = ['127.0.0.2'];

describe('rehearsal/mail-flow/spf with macros', () => {
  it.each<[string, Internet, string]>([
    ['exists:%{ir}.%{v}.ok.example -all', { addresses: { '25.100.51.198.in-addr.ok.example': here } }, 'pass'],
    ['exists:%{ir}.%{v}.ok.example -all', {}, 'fail'],
    ['exists:%{l1r-}.%{d}.ok.example -all', { addresses: { 'strong.outside.example.ok.example': here } }, 'pass'],
    ['include:%{d}.vendor.example -all', { texts: { 'outside.example.vendor.example': 'v=spf1 all' } }, 'pass'],
    ['include:%{d}.vendor.example -all', {}, 'permerror'],
    ['redirect=%{d1r}.vendor.example', { texts: { 'outside.vendor.example': 'v=spf1 ~all' } }, 'softfail'],
    ['a:%{h}/24 -all', { addresses: { 'server.example': ['198.51.100.1'] } }, 'pass'],
    ['a:%{l-/}.x.example/24 -all', { addresses: { 'strong.bad.x.example': ['198.51.100.1'] } }, 'pass'],
    ['exists:%{z}.example -all', {}, 'permerror'],
    ['-all exists:%{ir', {}, 'permerror'],
    ['x-note=%{q} all', {}, 'permerror'],
  ])('judges %s with %j', (record, net, result) => {
    expect(spf(record, net)).toBe(result);
  });

  it('knows the domain that is read from the one that sends', () => {
    const texts = { 'vendor.example': 'v=spf1 exists:%{o}.of.%{d} -all' };
    const addresses = { 'outside.example.of.vendor.example': here };
    expect(spf('include:vendor.example -all', { texts, addresses })).toBe('pass');
  });

  it('takes the postmaster for the sender of a message without one', () => {
    const net = {
      addresses: { 'postmaster.ok.example': here },
      texts: { 'outside.example': 'v=spf1 exists:%{l}.ok.example -all' },
    };
    const [pass] = passes(knock(cloud([contoso()], net), { from: '', headerFrom: 'x@outside.example' }));
    expect(pass?.authentication?.spf).toBe('pass');
  });
});
