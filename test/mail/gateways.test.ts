import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defineGateway } from '../../src/mail/gateway.ts';
import { exchangedefender } from '../../src/mail/gateways/exchangedefender.ts';
import { findGateway, gateways } from '../../src/mail/gateways/index.ts';
import { splitForExchange } from '../../src/mail/ip-ranges.ts';
import { classifyMx } from '../../src/mail/mx.ts';

const folder = fileURLToPath(new URL('../../src/mail/gateways', import.meta.url));

describe('mail/gateways', () => {
  it('registers every file once, sorted, under its own name', () => {
    const files = readdirSync(folder).filter((file) => file !== 'index.ts');

    expect(gateways.map(({ key }) => `${key}.ts`)).toEqual(files.toSorted());
  });

  it('holds what ExchangeDefender and Mailprotector publish', () => {
    const values = Object.fromEntries(gateways.map(({ key, ranges }) => [key, ranges]));

    expect(values).toMatchObject({
      exchangedefender: ['65.99.255.0/24'],
      mailprotector: ['52.0.31.31', '52.0.70.91', '52.0.74.211'],
      generic: [],
    });
  });

  it('fits every entry into one connector', () => {
    for (const { key, ranges } of gateways.filter(({ confidence }) => confidence !== 'user')) {
      expect(splitForExchange(ranges), key).toEqual({ ok: true, ranges });
    }
  });

  it.each([
    ['inbound30.exchangedefender.com', 'exchangedefender'],
    ['wingtip-example.inbound.emailservice.io', 'mailprotector'],
    ['mx1-us1.ppe-hosted.com', 'proofpoint-essentials'],
    ['us-smtp-inbound-1.mimecast.com', 'mimecast-us'],
    ['d000000a.ess.barracudanetworks.com', 'barracuda-us'],
    ['mx01.hornetsecurity.com', 'hornetsecurity'],
    ['mailstream-east.mxrecord.io', 'cloudflare'],
  ])('knows %s as a host of %s and of nobody else', (exchange, key) => {
    const owners = gateways.filter(({ mxPatterns }) => classifyMx([{ exchange }], mxPatterns) === 'gateway');

    expect(owners.map((gateway) => gateway.key)).toEqual([key]);
  });

  it.each(['ExchangeDefender', 'exchange-defender', ' XD ', 'ownwebnow'])('finds ExchangeDefender as %j', (text) => {
    expect(findGateway(text)).toMatchObject({ kind: 'found', gateway: { key: 'exchangedefender' } });
  });

  it.each([
    ['exchangedefnder', ['exchangedefender']],
    ['mimecast', ['mimecast-us']],
    ['barracuda', ['barracuda-us']],
    ['proof', ['proofpoint-essentials']],
    ['somebody else', []],
    ['', []],
    ['x', []],
    ['é'.repeat(10_000), []],
  ])('takes %j for no gateway and suggests %j', (text, suggestions) => {
    expect(findGateway(text)).toMatchObject({ kind: 'unknown', suggestions: suggestions.map((key) => ({ key })) });
  });

  it.each([
    [{ ranges: ['65.99.255.7/24'] }, /inside a block/],
    [{ ranges: ['148.163.128.0/19'] }, /wider than \/24/],
    [{ ranges: ['10.0.0.1'] }, /private/],
    [{ ranges: ['65.99.255.7/32'] }, /canonical/],
    [{ ranges: [] }, /missing/],
    [{ mxPatterns: ['outlook\\.com$'] }, /neither Office 365/],
    [{ mxPatterns: ['exchangedefender'] }, /anchored/],
    [{ asOf: '21.11.2026' }, /asOf/],
    [{ sources: [] }, /sources/],
  ])('refuses an entry with %j while loading', (slip, because) => {
    expect(() => defineGateway({ ...exchangedefender, ...slip })).toThrow(because);
  });
});
