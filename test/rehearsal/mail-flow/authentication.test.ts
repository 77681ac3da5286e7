import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { Authentication } from '../../../src/rehearsal/mail-flow/authentication.ts';
import type { MailMessage } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import type { Setup } from '../../../src/rehearsal/mail-flow/setup.ts';
import { inlineSetup } from './inline-set.ts';
import { cloud, contoso, ends, gatewayIp, knock, lock, passes, rule, scannerIp, stranger } from './small-cloud.ts';

const texts = {
  'outside.example': 'v=spf1 ip4:198.51.100.0/24 -all',
  '_dmarc.outside.example': 'v=DMARC1; p=reject',
  'soft.example': 'v=spf1 include:outside.example ~all',
  '_dmarc.soft.example': 'v=DMARC1; p=quarantine',
  '_dmarc.watch.example': 'v=DMARC1; p=none',
  'watch.example': 'v=spf1 -all',
};

/** Mail that a stranger sent to the gateway, which passes it on. */
function behind(connector: ExchangeObject, facts: Partial<MailMessage> = {}, more: Partial<Setup> = {}) {
  const setup = contoso({ inboundConnectors: [{ ...lock, ...connector }], ...more });
  const journey = knock(cloud([setup], { texts }), { hops: [stranger], ...facts }, { source: gatewayIp });
  return { end: ends(journey)[0], authentication: passes(journey)[0]?.authentication };
}

const unskipped: Partial<Authentication> = { address: gatewayIp, skipped: [], spf: 'fail', dmarc: 'fail' };
const seenThrough: Partial<Authentication> = { address: stranger, skipped: [gatewayIp], spf: 'pass', dmarc: 'pass' };

describe('rehearsal/mail-flow/authentication (fidelity point 23)', () => {
  it('judges the sender itself when it comes directly', () => {
    const journey = knock(cloud([contoso()], { texts }));
    expect(passes(journey)[0]?.authentication).toMatchObject({ address: stranger, spf: 'pass', dmarc: 'pass' });
    expect(ends(journey)).toEqual(['inbox']);
  });

  it('E1: judges the gateway without skip listing, and refuses genuine mail', () => {
    expect(behind({})).toMatchObject({ authentication: unskipped, end: 'refused 550 5.7.509' });
  });

  it('E1: judges the sender with the gateway in the skip list', () => {
    expect(behind({ EFSkipIPs: ['65.99.255.0/24'] })).toMatchObject({ authentication: seenThrough, end: 'inbox' });
  });

  it('E1: judges the sender with the last address skipped', () => {
    expect(behind({ EFSkipLastIP: true })).toMatchObject({ authentication: seenThrough, end: 'inbox' });
  });

  it('E2: does so for some users only', () => {
    const some = { EFSkipLastIP: true, EFUsers: ['info@contoso.com'] };
    expect(behind(some).authentication).toMatchObject(seenThrough);
    expect(behind(some, { recipients: ['info@contoso.com', 'kim@sales.contoso.com'] }).authentication).toMatchObject(
      unskipped,
    );
    expect(
      behind(some, { to: 'kim@sales.contoso.com', recipients: ['kim@sales.contoso.com'] }).authentication,
    ).toMatchObject(unskipped);
  });

  it('E2: does nothing in test mode', () => {
    expect(behind({ EFSkipLastIP: true, EFTestMode: true }).authentication).toMatchObject(unskipped);
  });

  it('E3: does nothing for addresses that are not listed', () => {
    expect(behind({ EFSkipIPs: ['192.0.2.0/24'] }).authentication).toMatchObject(unskipped);
  });

  it('E3: stops at the first hop that is not listed', () => {
    const hops = [stranger, '192.0.2.7'];
    expect(behind({ EFSkipIPs: ['65.99.255.0/24'] }, { hops }).authentication).toMatchObject({
      address: '192.0.2.7',
      spf: 'fail',
    });
    expect(behind({ EFSkipIPs: ['65.99.255.0/24', '192.0.2.0/24'] }, { hops }).authentication).toMatchObject({
      address: stranger,
      spf: 'pass',
    });
  });

  it('E4: lets spam in by an SCL rule for the gateway although skip listing sees through it', () => {
    const rules = [rule(0, { SenderIpRanges: ['65.99.255.0/24'], SetSCL: '-1' })];
    expect(behind({ EFSkipLastIP: true }, { content: 'spam' }).end).toBe('junk');
    expect(behind({ EFSkipLastIP: true }, { content: 'spam' }, { transportRules: rules }).end).toBe('inbox');
  });

  it('E5: finds its own address behind the scanner, which helps nobody', () => {
    const setup = inlineSetup((rules) => rules.filter((one) => one['Name'] !== 'Trust'));
    const skipping = {
      ...setup,
      inboundConnectors: setup.inboundConnectors.map((one) => ({ ...one, EFSkipIPs: [scannerIp] })),
    };
    const second = passes(knock(cloud([skipping], { texts })))[1];
    expect(second?.authentication).toMatchObject({
      address: '40.107.22.5',
      skipped: [scannerIp],
      spf: 'fail',
      dmarc: 'fail',
    });
  });

  it.each<[string, Partial<MailMessage>, Partial<Setup>, string]>([
    ['quarantines by DMARC as the sender asks', { from: 'a@soft.example' }, {}, 'quarantined'],
    ['delivers what only watches', { from: 'a@watch.example' }, {}, 'inbox'],
    ['delivers what has no policy', { from: 'a@none.example' }, {}, 'inbox'],
    ['asks for an aligned signature only', { dkim: 'outside.example' }, {}, 'inbox'],
    ['does not take a foreign signature', { dkim: 'spammer.example' }, {}, 'refused 550 5.7.509'],
    [
      'quarantines instead of refusing when told so',
      {},
      { antiPhishPolicies: [{ DmarcRejectAction: 'Quarantine' }] },
      'quarantined',
    ],
    [
      'moves to junk what it may not refuse',
      {},
      { antiPhishPolicies: [{ HonorDmarcPolicy: false, EnableSpoofIntelligence: true }] },
      'junk',
    ],
    [
      'lets all pass when nothing checks for spoofing',
      {},
      { antiPhishPolicies: [{ HonorDmarcPolicy: false, EnableSpoofIntelligence: false }] },
      'inbox',
    ],
    [
      'lets an allowed address in',
      {},
      { connectionFilters: [{ IPAllowList: [gatewayIp], IPBlockList: [gatewayIp] }] },
      'inbox',
    ],
    [
      'catches malware from an allowed address',
      { content: 'malware' },
      { connectionFilters: [{ IPAllowList: [gatewayIp] }] },
      'quarantined',
    ],
    [
      'refuses a blocked address, whoever vouches for the message',
      { dkim: 'outside.example' },
      { connectionFilters: [{ IPBlockList: [gatewayIp] }] },
      'refused 550 5.7.1',
    ],
  ])('%s', (_, facts, more, end) => {
    expect(behind({}, facts, more).end).toBe(end);
  });
});
