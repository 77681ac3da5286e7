import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { addressIsIn } from '../../src/mail/address-span.ts';
import { parseRanges, splitForExchange } from '../../src/mail/ip-ranges.ts';

function reasonsOf(input: string | readonly string[]): string {
  const parsed = parseRanges(input);
  return parsed.ok ? '' : parsed.reasons.join(' ');
}

function moved(network: string, offset: number): string {
  const start = ipaddr.IPv4.parse(network)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
  return dotted((start + offset + 2 ** 32) % 2 ** 32);
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

const cidr = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 16, max: 32 }))
  .map(([number, prefix]) => {
    const start = number - (number % 2 ** (32 - prefix));
    return `${dotted(start)}/${prefix}`;
  });
const address = fc.ipV4();

describe('mail/ip-ranges', () => {
  it.each([
    ['65.99.255.0/24', ['65.99.255.0/24']],
    ['52.0.70.91, 52.0.31.31 ,52.0.74.211', ['52.0.31.31', '52.0.70.91', '52.0.74.211']],
    ['203.0.113.7/32;203.0.113.7\n198.51.100.0/24\r\n', ['198.51.100.0/24', '203.0.113.7']],
    ['192.0.2.0/24', ['192.0.2.0/24']],
    ['148.163.128.0/19', ['148.163.128.0/19']],
  ])('reads %j', (typed, ranges) => {
    expect(parseRanges(typed)).toEqual({ ok: true, ranges });
  });

  it.each([
    ['', /no address/],
    [' , ;', /no address/],
    ['65.99.255.0/24 65.99.254.0/24', /without a comma/],
    ['65.99.255.7/24', /write 65\.99\.255\.0\/24 for the whole block or 65\.99\.255\.7 for the one address/],
    ['300.1.1.1', /not an IPv4 address/],
    ['010.0.0.1', /not an IPv4 address/],
    ['1.2.3', /not an IPv4 address/],
    ['0x7f.1', /is a name/],
    ['65.99.255.0/33', /no usable prefix/],
    ['65.99.255.0/', /no usable prefix/],
    ['65.99.255.0/024', /no usable prefix/],
    ['65.99.255.0/24/24', /no usable prefix/],
    ['65.0.0.0/8', /wider than \/16/],
    ['0.0.0.0/0', /wider than \/16/],
    ['65.99.255.1-65.99.255.9', /dash/],
    ['2001:db8::/32', /IPv6/],
    ['mx.gate.example', /is a name/],
    ['10.1.2.3', /private/],
    ['172.16.0.0/16', /private/],
    ['192.168.1.0/24', /private/],
    ['127.0.0.1', /loopback/],
    ['169.254.1.1', /link-local/],
    ['100.64.0.0/24', /shared/],
    ['192.0.0.0/16', /reserved/],
    ['224.0.0.1', /multicast/],
    ['255.255.255.255', /reserved/],
    ['40.92.1.0/24', /Exchange Online itself/],
    ['52.100.0.0/16', /Exchange Online itself/],
  ])('refuses %j and says why', (typed, because) => {
    expect(reasonsOf(typed)).toMatch(because);
  });

  it('names every value that cannot be used', () => {
    expect(parseRanges(['65.99.255.0/24', '10.0.0.1', 'mx.example'])).toMatchObject({
      ok: false,
      reasons: { length: 2 },
    });
  });

  it('gives one form to the same addresses', () => {
    fc.assert(
      fc.property(fc.array(cidr, { minLength: 1, maxLength: 8 }), (typed) => {
        const once = parseRanges(typed);
        fc.pre(once.ok);
        expect(parseRanges(once.ranges)).toEqual(once);
        expect(parseRanges(typed.toReversed().join(', '))).toEqual(once);
      }),
    );
  });

  it('lets nothing through that the registry of special addresses knows, except for documentation', () => {
    const documentation = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'];
    fc.assert(
      fc.property(cidr, fc.nat(), (block, offset) => {
        fc.pre(parseRanges(block).ok);
        const [network = '', prefix] = block.split('/');
        const inside = moved(network, offset % 2 ** (32 - Number(prefix)));
        const kind = ipaddr.IPv4.parse(inside).range();
        expect(kind === 'unicast' || kind === 'as112' || addressIsIn(inside, documentation), `${inside} ${kind}`).toBe(
          true,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('contains exactly what the prefix says', () => {
    const near = fc
      .tuple(cidr, fc.integer({ min: -300, max: 70_000 }))
      .map(([block, offset]) => ({ block, inside: moved(block.split('/')[0] ?? '', offset) }));
    fc.assert(
      fc.property(near, ({ block, inside }) => {
        const expected = ipaddr.IPv4.parse(inside).match(ipaddr.IPv4.parseCIDR(block));
        expect(addressIsIn(inside, [block])).toBe(expected);
      }),
    );
  });
});

describe('mail/ip-ranges for Exchange', () => {
  it('splits what is wider than /24 and leaves the rest', () => {
    expect(splitForExchange(['65.99.252.0/22', '52.0.70.91'])).toEqual({
      ok: true,
      ranges: ['52.0.70.91', '65.99.252.0/24', '65.99.253.0/24', '65.99.254.0/24', '65.99.255.0/24'],
    });
  });

  it('takes 64 blocks and no more', () => {
    expect(splitForExchange(['65.99.192.0/18'])).toMatchObject({ ok: true, ranges: { length: 64 } });
    expect(splitForExchange(['65.99.192.0/18', '52.0.70.91'])).toMatchObject({ ok: false });
    expect(splitForExchange(['65.99.0.0/16'])).toMatchObject({ ok: false });
  });

  it('splits into the same addresses', () => {
    fc.assert(
      fc.property(cidr, address, (block, inside) => {
        const split = splitForExchange([block]);
        fc.pre(split.ok);
        expect(addressIsIn(inside, split.ranges)).toBe(addressIsIn(inside, [block]));
        expect(split.ranges.every((text) => Number(text.split('/')[1] ?? 32) >= 24)).toBe(true);
      }),
    );
  });
});
