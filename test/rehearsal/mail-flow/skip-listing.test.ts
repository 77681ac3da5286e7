import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { headerValues, type MailMessage } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { SKIP_HEADERS } from '../../../src/rehearsal/mail-flow/skip-listing.ts';
import { cloud, contoso, gatewayIp, knock, lock, passes, rule, rulesHit, stranger } from './small-cloud.ts';

const inner = '10.1.2.3';
const second = '192.0.2.7';
const microsoft = '40.107.22.5';

/** A message that went over these hops to the gateway, and from there through a connector with this setting. */
function behind(
  setting: ExchangeObject,
  hops: readonly string[],
  facts: Partial<MailMessage> = {},
  rules: ExchangeObject[] = [],
) {
  const setup = contoso({ inboundConnectors: [{ ...lock, ...setting }], transportRules: rules });
  return knock(cloud([setup]), { hops, ...facts }, { source: gatewayIp });
}

const listed = { EFSkipIPs: ['65.99.255.0/24'] };
const last = { EFSkipLastIP: true };

describe('rehearsal/mail-flow/skip-listing (enhanced filtering)', () => {
  it.each<[string, ExchangeObject, string[], string]>([
    ['nothing while it is off', {}, [stranger], gatewayIp],
    ['nothing in test mode', { ...last, EFTestMode: true }, [stranger], gatewayIp],
    ['the last hop', last, [stranger], stranger],
    ['the last hop and no other', last, [stranger, second], second],
    ['the last hop, whatever is listed besides', { ...last, EFSkipIPs: [second] }, [stranger, second], second],
    ['listed hops', listed, [stranger], stranger],
    ['listed hops one after the other', { EFSkipIPs: ['65.99.255.0/24', second] }, [stranger, second], stranger],
    ['no listed hop before one that is not', { EFSkipIPs: [gatewayIp, stranger] }, [stranger, second], second],
    ['a dash range', { EFSkipIPs: ['65.99.255.1-65.99.255.20'] }, [stranger], stranger],
    ['nothing when only other hops are listed', { EFSkipIPs: [second] }, [stranger], gatewayIp],
    ['private hops behind a listed one', listed, [stranger, inner], stranger],
    ['private hops behind the last one', last, [stranger, inner], stranger],
    ['private hops nowhere while it is off', {}, [stranger, inner], gatewayIp],
    [
      'no hop of Microsoft in a wide list',
      { EFSkipIPs: ['32.0.0.0/3', '64.0.0.0/3'] },
      [stranger, microsoft],
      microsoft,
    ],
    ['never the server where it began', { EFSkipIPs: ['65.99.255.0/24', stranger] }, [stranger], stranger],
    ['never the only server', last, [], gatewayIp],
    ['never to a private sender', listed, [inner], gatewayIp],
  ])('skips %s', (_, setting, hops, address) => {
    const [pass] = passes(behind(setting, hops));
    expect(pass?.authentication?.address).toBe(address);
    expect(pass?.authentication?.skipped).toEqual(
      [...hops, gatewayIp].slice([...hops, gatewayIp].indexOf(address) + 1).toReversed(),
    );
  });

  it.each<[string, string[], string[], string]>([
    ['for everybody without a list of users', [], ['info@contoso.com', 'kim@sales.contoso.com'], stranger],
    ['for the listed user', ['INFO@contoso.com'], ['info@contoso.com'], stranger],
    [
      'for nobody when one recipient is not listed',
      ['info@contoso.com'],
      ['info@contoso.com', 'kim@sales.contoso.com'],
      gatewayIp,
    ],
    ['not for a second address of a listed user', ['alex@contoso.com'], ['alex@contoso.onmicrosoft.com'], gatewayIp],
  ])('acts %s', (_, EFUsers, recipients, address) => {
    const [to = ''] = recipients;
    const [pass] = passes(behind({ ...last, EFUsers }, [stranger], { to, recipients }));
    expect(pass?.authentication?.address).toBe(address);
  });

  it('never looks past anything but its own way in, whatever is set and whoever passed it on', () => {
    const address = fc.constantFrom(stranger, second, inner, microsoft, gatewayIp, '203.0.113.80');
    const setting = fc.record({
      EFSkipLastIP: fc.boolean(),
      EFSkipIPs: fc.subarray(['65.99.255.0/24', '192.0.2.0/24', '198.51.0.0/16', '32.0.0.0/3', second]),
    });
    fc.assert(
      fc.property(fc.array(address, { maxLength: 5 }), setting, (hops, connector) => {
        const found = passes(behind(connector, hops))[0]?.authentication;
        const chain = [...hops, gatewayIp].toReversed();
        const skipped = found?.skipped ?? [];
        expect(chain.slice(0, skipped.length)).toEqual(skipped);
        expect(chain[skipped.length]).toBe(found?.address);
        expect(skipped).not.toContain(microsoft);
        expect(found?.address).not.toBe(inner);
      }),
    );
  });

  it('writes the sender it found into two headers, over what was claimed', () => {
    const headers = SKIP_HEADERS.map((name) => ({ name, value: 'ip=[203.0.113.200];domain=forged.example' }));
    const [ending] = passes(behind(last, [stranger], { headers }))[0]?.endings ?? [];
    for (const name of SKIP_HEADERS) {
      expect(ending && headerValues(ending.message, name)).toEqual([`ip=[${stranger}];domain=server.example`]);
    }
  });

  it('writes no header when nothing was skipped', () => {
    const [ending] = passes(behind({}, [stranger]))[0]?.endings ?? [];
    expect(ending?.message.headers).toEqual([]);
  });

  it('shows the headers to rules', () => {
    const found = rule(0, {
      HeaderContainsMessageHeader: SKIP_HEADERS[0] ?? '',
      HeaderContainsWords: [stranger],
      SetSCL: '-1',
    });
    expect(rulesHit(behind(last, [stranger], {}, [found]))).toEqual([['Rule 0']]);
    expect(rulesHit(behind({}, [stranger], {}, [found]))).toEqual([[]]);
  });
});
