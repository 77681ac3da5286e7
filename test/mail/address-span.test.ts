import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { addressIsIn, areOverlapping, isInside, spanOf } from '../../src/mail/address-span.ts';
import { isMicrosofts, whyUnreachable } from '../../src/mail/unusable-addresses.ts';

const most = 2 ** 32 - 1;
const number = fc.integer({ min: 0, max: most });

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

function known(entry: string): { first: number; last: number } {
  const span = spanOf(entry);
  if (!span) throw new Error(`${entry} is not understood`);
  return span;
}

describe('mail/address-span', () => {
  it.each([
    ['192.0.2.7', 1],
    ['192.0.2.0/24', 256],
    ['192.0.2.9/24', 256],
    ['0.0.0.0/0', 2 ** 32],
    ['192.0.2.1-192.0.2.9', 9],
    ['192.0.2.1 - 192.0.2.1', 1],
  ])('reads %s as %i addresses', (entry, count) => {
    const { first, last } = known(entry);
    expect(last - first + 1).toBe(count);
  });

  it.each([
    '',
    'mx.example',
    '2001:db8::1',
    '192.0.2.0/33',
    '192.0.2.0/024',
    '192.0.2.0/',
    '192.0.2.0/24/24',
    '192.0.2.9-192.0.2.1',
    '192.0.2.1-',
    '192.0.2.1-2-3',
    '192.0.2.0/24-192.0.3.0',
  ])('takes "%s" for no addresses', (entry) => {
    expect(spanOf(entry)).toBeNull();
  });

  it('holds exactly the addresses of a block', () => {
    fc.assert(
      fc.property(number, fc.nat(32), number, (network, bits, address) => {
        const block = known(`${dotted(network)}/${bits}`);
        const isOne = ipaddr.IPv4.parse(dotted(address)).match(ipaddr.IPv4.parse(dotted(network)), bits);
        expect(isInside(known(dotted(address)), block)).toBe(isOne);
        expect(areOverlapping(block, known(dotted(address)))).toBe(isOne);
      }),
    );
  });

  it('calls two ranges overlapping exactly when an end of one is in the other', () => {
    const range = fc.tuple(number, number).map(([one, other]) => ({
      first: Math.min(one, other),
      last: Math.max(one, other),
    }));
    fc.assert(
      fc.property(range, range, (one, other) => {
        const read = known(`${dotted(one.first)}-${dotted(one.last)}`);
        const holds = ({ first, last }: typeof one, end: number) => first <= end && end <= last;
        const isSo = holds(one, other.first) || holds(one, other.last) || holds(other, one.first);
        expect(areOverlapping(read, other)).toBe(isSo);
        expect(areOverlapping(other, read)).toBe(isSo);
      }),
    );
  });
});

describe('mail/address-span: an address in a list', () => {
  const entries = ['65.99.255.0/24', '192.0.2.1-192.0.2.9', '203.0.113.7'];

  it.each(['65.99.255.0', '65.99.255.255', '192.0.2.1', '192.0.2.9', '203.0.113.7'])('finds %s', (address) => {
    expect(addressIsIn(address, entries)).toBe(true);
  });

  it.each([
    '',
    'x',
    '::1',
    '::ffff:65.99.255.1',
    '65.99.255',
    '65.99.255.1/32',
    '65.99.255.1-65.99.255.2',
    '192.0.2.10',
  ])('does not find "%s"', (address) => {
    expect(addressIsIn(address, entries)).toBe(false);
  });

  it.each(['65.99.255.0/33', '65.99.255.0/', '65.99.255.0/24/24', '65.99.255.9-65.99.255.1', '65.99.255.0/x', '*'])(
    'takes "%s" for no addresses, and goes on with the others',
    (entry) => {
      expect(addressIsIn('65.99.255.0', [entry])).toBe(false);
      expect(addressIsIn('203.0.113.7', [entry, ...entries])).toBe(true);
    },
  );
});

describe('mail/unusable-addresses', () => {
  it.each([
    ['10.1.2.3', /private/u],
    ['9.255.255.255-10.0.0.0', /private/u],
    ['223.255.255.0-224.0.0.1', /multicast/u],
    ['255.255.255.255', /reserved/u],
    ['8.0.0.0/6', /private/u],
  ])('knows why nothing comes from %s', (entry, why) => {
    expect(whyUnreachable(known(entry))).toMatch(why);
  });

  it.each(['9.255.255.255', '11.0.0.0', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '223.255.255.255'])(
    'lets %s deliver',
    (entry) => {
      expect(whyUnreachable(known(entry))).toBeNull();
    },
  );

  it('knows addresses of Exchange Online, also at the edge of a range', () => {
    expect(isMicrosofts(known('40.92.0.0'))).toBe(true);
    expect(isMicrosofts(known('104.46.255.250-104.47.0.0'))).toBe(true);
    expect(isMicrosofts(known('104.47.128.0'))).toBe(false);
  });
});
