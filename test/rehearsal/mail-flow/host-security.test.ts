import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { DaneAnswer, MtaStsPolicy } from '../../../src/rehearsal/mail-flow/network.ts';
import { cloud, contoso, ends, type Internet, send } from './small-cloud.ts';

const host = 'mx1.elsewhere.example';
const mx = { 'outside.example': host };

function sent(net: Internet, connector: ExchangeObject | null = null): string[] {
  const out = { Name: 'Out', Enabled: true, UseMXRecord: true, RecipientDomains: ['*'], ...connector };
  const outboundConnectors = connector === null ? [] : [out];
  return ends(send(cloud([contoso({ outboundConnectors })], { mx, ...net })));
}

function policy(mode: MtaStsPolicy['mode'], ...hosts: string[]): Internet {
  return { mtaSts: { 'outside.example': { mode, mx: hosts } } };
}

describe('rehearsal/mail-flow/host-security, MTA-STS (RFC 8461)', () => {
  it.each<[Internet, string]>([
    [policy('enforce', host), 'outside'],
    [policy('enforce', '*.elsewhere.example'), 'outside'],
    [policy('enforce', '*.example'), 'deferred 450 4.4.317'],
    [policy('enforce', 'mx2.elsewhere.example'), 'deferred 450 4.4.317'],
    [policy('testing', 'mx2.elsewhere.example'), 'outside'],
    [policy('none'), 'outside'],
    [{ ...policy('enforce', host), selfSigned: [host] }, 'deferred 450 4.4.317'],
    [{ ...policy('enforce', host), clearText: [host] }, 'deferred 450 4.4.317'],
    [{ clearText: [host] }, 'outside'],
  ])('with %j a message is %s', (net, end) => {
    expect(sent(net)).toEqual([end]);
  });

  it('is not asked where the connector says so', () => {
    expect(sent(policy('enforce'), { MtaStsMode: 'Opportunistic' })).toEqual(['deferred 450 4.4.317']);
    expect(sent(policy('enforce'), { MtaStsMode: 'None' })).toEqual(['outside']);
    const smart = { UseMXRecord: false, SmartHosts: [host], MtaStsMode: 'Opportunistic' };
    expect(sent(policy('enforce'), smart)).toEqual(['outside']);
  });

  it('passes by the hosts that the policy does not list', () => {
    const two = { 'outside.example': ['mx2.elsewhere.example', host] };
    expect(sent({ ...policy('enforce', host), mx: two })).toEqual(['outside']);
  });
});

describe('rehearsal/mail-flow/host-security, DANE (RFC 7672)', () => {
  it.each<[DaneAnswer, string]>([
    ['valid', 'outside'],
    ['expired', 'deferred 450 4.7.322'],
    ['mismatch', 'deferred 450 4.7.323'],
    ['bogus', 'deferred 450 4.7.324'],
    ['wrong-name', 'deferred 450 4.7.325'],
  ])('with TLSA records that are %s a message is %s', (answer, end) => {
    expect(sent({ dane: { [host]: answer } })).toEqual([end]);
  });

  it('goes before a policy', () => {
    expect(sent({ ...policy('enforce'), dane: { [host]: 'valid' } })).toEqual(['outside']);
  });

  it('is not asked where the connector says so', () => {
    expect(sent({ dane: { [host]: 'mismatch' } }, { SmtpDaneMode: 'None' })).toEqual(['outside']);
  });

  it('takes no host without TLSA records where it is mandatory, not even a smart host', () => {
    const mandatory = { SmtpDaneMode: 'Mandatory' };
    const smart = { ...mandatory, UseMXRecord: false, SmartHosts: [host] };
    for (const connector of [mandatory, smart]) {
      expect(sent({}, connector)).toEqual(['deferred 450 4.7.323']);
      expect(sent({ dane: { [host]: 'valid' } }, connector)).toEqual(['outside']);
    }
    const easy = { ...smart, SmtpDaneMode: 'Opportunistic' };
    expect(sent({ dane: { [host]: 'mismatch' } }, easy)).toEqual(['outside']);
  });
});
