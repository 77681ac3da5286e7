import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import type { Journey } from '../../../src/rehearsal/mail-flow/journey.ts';
import { headerValues } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { scan } from '../../../src/rehearsal/mail-flow/scanner.ts';
import { inlineSetup } from './inline-set.ts';
import {
  cloud,
  contoso,
  contosoId,
  ends,
  type Internet,
  knock,
  message,
  passes,
  routed,
  rule,
  rulesHit,
  secret,
  send,
  signatureService,
  signing,
  stranger,
} from './small-cloud.ts';

function way({ stops }: Journey): string[] {
  return stops.map(({ at }) => at);
}

describe('rehearsal/mail-flow/scanner (fidelity point 21)', () => {
  it('takes incoming mail out to the scanner and back', () => {
    const journey = knock(cloud([inlineSetup()]));
    expect(way(journey)).toEqual(['tenant', 'scanner', 'tenant']);
    expect(rulesHit(journey)).toEqual([['Route incoming'], ['Trust']]);
    expect(passes(journey).map(({ connectorIn }) => connectorIn)).toEqual([null, 'Return']);
    expect(ends(journey)).toEqual(['inbox']);
  });

  it('brings incoming spam back to the junk folder', () => {
    const journey = knock(cloud([inlineSetup()]), { content: 'spam' });
    expect(rulesHit(journey)).toEqual([['Route incoming'], ['Junk']]);
    expect(ends(journey)).toEqual(['junk']);
  });

  it('takes outgoing mail out to the scanner, back by certificate, and then to the internet', () => {
    const journey = send(cloud([inlineSetup()]));
    expect(way(journey)).toEqual(['tenant', 'scanner', 'tenant', 'internet']);
    expect(rulesHit(journey)).toEqual([['Route outgoing'], []]);
    expect(ends(journey)).toEqual(['outside']);
  });

  it('lets the scanner deliver outgoing mail itself where it has no right to relay', () => {
    const journey = send(cloud([inlineSetup()], { scanner: { deliversOutgoing: true } }));
    expect(way(journey)).toEqual(['tenant', 'scanner', 'internet']);
  });

  it('cannot relay outgoing mail back without a certificate in an accepted domain', () => {
    expect(ends(send(cloud([inlineSetup()], { scanner: { certificate: [] } })))).toEqual(['refused 550 5.7.64']);
  });

  it('shows the route header to the scanner, which takes it off and stamps its verdict', () => {
    const [first, second] = passes(knock(cloud([inlineSetup()])));
    expect(headerValues(first?.endings[0]?.message ?? first?.message ?? never(), 'X-Inline-Route')).toEqual([
      `${contosoId};in`,
    ]);
    expect(headerValues(second?.message ?? never(), 'X-Inline-Route')).toEqual([]);
    expect(headerValues(second?.message ?? never(), 'X-Inline-Verdict')).toEqual([`${secret};in;clean`]);
  });

  it('replaces verdicts that came from the internet', () => {
    const headers = [{ name: 'x-inline-verdict', value: 'guess;in;clean' }];
    const [, back] = passes(knock(cloud([inlineSetup()]), { headers }));
    expect(headerValues(back?.message ?? never(), 'X-Inline-Verdict')).toEqual([`${secret};in;clean`]);
  });

  it('refuses mail without the route header of a customer', () => {
    const setup = inlineSetup((rules) => rules.map((one) => ({ ...one, SetHeaderName: null })));
    expect(ends(knock(cloud([setup])))).toEqual(['refused 550 5.7.1']);
  });

  const other = 'c0000000-0000-4000-8000-000000000002';
  it.each([
    ['of another customer', `${other};in`],
    ['for the other way', `${contosoId};out`],
    ['without a way', contosoId],
    ['with something behind it', `${contosoId};in;clean`],
  ])('refuses a route header %s', (_, SetHeaderValue) => {
    const setup = inlineSetup((rules) =>
      rules.map((one) => (one['Name'] === 'Route incoming' ? { ...one, SetHeaderValue } : one)),
    );
    expect(ends(knock(cloud([setup])))).toEqual(['refused 550 5.7.1']);
  });

  it('goes by its own route header, whatever others a message brings', () => {
    const headers = [
      { name: 'X-Other-Route', value: `${other};in` },
      { name: 'X-Inline-Route', value: `${other};in` },
    ];
    expect(ends(knock(cloud([inlineSetup()]), { headers }))).toEqual(['inbox']);
  });

  it('takes mail from Office 365 only, whatever route header it has', () => {
    const { network } = cloud([inlineSetup()]);
    const mail = message({ headers: [{ name: 'X-Inline-Route', value: `${contosoId};in` }] });
    const host = `${contosoId}-in.eu.inline.example`;
    expect(scan(network, host, { message: mail, source: stranger }).kind).toBe('refused');
    expect(scan(network, host, { message: mail, source: network.microsoftEgress }).kind).toBe('returns');
  });

  it('stops the loop by address when the scanner forgets its stamp', () => {
    const journey = knock(cloud([inlineSetup()], { scanner: { fault: 'no-stamp' } }));
    expect(way(journey)).toEqual(['tenant', 'scanner', 'tenant']);
    expect(rulesHit(journey)[1]).toEqual([]);
    expect(ends(journey)).toEqual(['inbox']);
  });

  it('stops the loop by stamp when the scanner comes from another address', () => {
    const journey = knock(cloud([inlineSetup()], { scanner: { fault: 'wrong-address' } }));
    expect(way(journey)).toEqual(['tenant', 'scanner', 'tenant']);
    expect(rulesHit(journey)[1]).toEqual([]);
  });

  it('waits while the scanner is down', () => {
    expect(ends(knock(cloud([inlineSetup()], { scanner: { fault: 'down' } })))).toEqual(['deferred 450 4.4.316']);
  });

  it('breaks the signature when the scanner rewrites the body', () => {
    const texts = {
      '_dmarc.outside.example': 'v=DMARC1; p=reject',
      'outside.example': 'v=spf1 ip4:198.51.100.0/24 -all',
    };
    const second = (net: Internet) =>
      passes(knock(cloud([inlineSetup()], net), { dkim: 'outside.example' }))[1]?.authentication;
    expect(second({ texts })).toMatchObject({ dkim: 'pass', dmarc: 'pass' });
    expect(second({ texts, scanner: { fault: 'rewrites-body' } })).toMatchObject({ dkim: 'none', dmarc: 'fail' });
  });

  it('leaves forwarded invitations and voicemail alone', () => {
    const forward = [{ name: 'X-MS-Exchange-MeetingForward-Message', value: 'Forward' }];
    const inside = { from: 'host@partner.example', to: 'info@contoso.com' };
    expect(way(send(cloud([inlineSetup()]), { ...inside, type: 'Calendaring', headers: forward }))).toEqual(['tenant']);
    expect(way(send(cloud([inlineSetup()]), { ...inside, type: 'Voicemail' }))).toEqual(['tenant']);
    expect(way(send(cloud([inlineSetup()]), { ...inside, type: 'Calendaring' }))).toContain('scanner');
  });

  it('sends automatic replies around the scanner', () => {
    const oof = { from: '', headerFrom: 'alex@contoso.com', type: 'OOF' as const };
    expect(way(send(cloud([inlineSetup()]), oof))).toEqual(['tenant', 'internet']);
  });

  it('lets nobody skip the scan by forging a verdict', () => {
    const headers = [{ name: 'X-Inline-Verdict', value: 'not-the-secret;in;clean' }];
    expect(way(knock(cloud([inlineSetup()]), { headers }))).toContain('scanner');
  });

  it('relaxes nothing for the right verdict from the wrong place', () => {
    const headers = [{ name: 'X-Inline-Verdict', value: `${secret};in;clean` }];
    const journey = knock(cloud([inlineSetup()]), { headers, content: 'spam' }, { source: stranger });
    expect(rulesHit(journey)[0]).not.toContain('Trust');
  });
});

describe('rehearsal/mail-flow loops (fidelity point 22)', () => {
  const withoutGuard = (rules: ExchangeObject[]): ExchangeObject[] =>
    rules.map((one) => ({ ...one, ExceptIfSenderIpRanges: [], ExceptIfHeaderMatchesMessageHeader: null }));

  it('ends with 5.7.128 when the same rule routes a message twice', () => {
    expect(ends(knock(cloud([inlineSetup(withoutGuard)])))).toEqual(['looped 550 5.7.128']);
  });

  it('ends with 5.7.128 when neither address nor stamp stop it', () => {
    const setup = inlineSetup((rules) => rules.map((one) => ({ ...one, ExceptIfSenderIpRanges: [] })));
    expect(ends(knock(cloud([setup], { scanner: { fault: 'no-stamp' } })))).toEqual(['looped 550 5.7.128']);
  });

  it.each([
    { RemoveHeader: 'x-ms-exchange-transport-rules-loop' },
    { SetHeaderName: 'X-MS-Exchange-Transport-Rules-Loop', SetHeaderValue: 'none' },
  ])('ends with 5.7.128 in spite of a rule with %j', (hides) => {
    const setup = inlineSetup(withoutGuard);
    const transportRules = [rule(-1, hides), ...setup.transportRules];
    expect(ends(knock(cloud([{ ...setup, transportRules }])))).toEqual(['looped 550 5.7.128']);
  });

  describe('of rules that are called alike in two organisations', () => {
    const copy = { Name: 'Copy to archive', BlindCopyTo: ['archive@elsewhere.example'] };
    const fabrikam = contoso({
      id: 'c0000000-0000-4000-8000-000000000002',
      initialDomain: 'fabrikam.onmicrosoft.com',
      acceptedDomains: [{ DomainName: 'fabrikam.com', DomainType: 'Authoritative', Default: true }],
      mailboxes: new Set(['fay@fabrikam.com']),
      transportRules: [rule(0, copy)],
    });
    const world = cloud([contoso({ transportRules: [rule(0, copy)] }), fabrikam], {
      mx: { 'fabrikam.com': 'fabrikam-com.mail.protection.outlook.com' },
    });

    it('delivers the mail and both copies', () => {
      expect(ends(send(world, { to: 'fay@fabrikam.com' })).toSorted()).toEqual(['inbox', 'outside', 'outside']);
    });

    it('believes no mark that names another rule, or only its name', () => {
      for (const value of [copy.Name, `${contosoId};${copy.Name}`, `${fabrikam.id};${String(rule(0, copy)['Guid'])}`]) {
        const headers = [{ name: 'X-MS-Exchange-Transport-Rules-Loop', value }];
        expect(ends(knock(world, { headers })).toSorted()).toEqual(['inbox', 'outside']);
      }
    });
  });

  it('ends with 5.4.14 when servers pass a message round and round', () => {
    const setup = contoso({
      acceptedDomains: [{ DomainName: 'contoso.com', DomainType: 'InternalRelay' }],
      outboundConnectors: [
        routed('Own', 'mail.own.example', { IsTransportRuleScoped: false, RecipientDomains: ['contoso.com'] }),
      ],
    });
    const journey = knock(cloud([setup]), { to: 'nobody@contoso.com' });
    expect(ends(journey)).toEqual(['looped 554 5.4.14']);
    expect(way(journey).filter((at) => at === 'own-server').length).toBeGreaterThan(5);
  });

  it('ends with 5.4.14 for a shared domain without a connector whose MX is here', () => {
    const setup = contoso({ acceptedDomains: [{ DomainName: 'contoso.com', DomainType: 'InternalRelay' }] });
    expect(ends(knock(cloud([setup]), { to: 'nobody@contoso.com' }))).toEqual(['looped 554 5.4.14']);
  });

  it('ends with 5.4.6 when two gateways point at each other', () => {
    const setup = contoso({
      outboundConnectors: [
        routed('Out', 'a.gateway.example', { IsTransportRuleScoped: false, RecipientDomains: ['*'] }),
      ],
    });
    const net = { mx: { 'victim.example': 'b.gateway.example' } };
    expect(ends(send(cloud([setup], net), { to: 'a@victim.example' }))).toEqual(['looped 554 5.4.6']);
  });

  it('lets a signature service sign once and come back', () => {
    const setup = signatureService({ SenderDomainIs: ['contoso.com'] }, { inbound: { SenderDomains: ['*'] } });
    expect(way(send(cloud([setup])))).toEqual(['tenant', 'signer', 'tenant', 'internet']);
  });

  it('never signs what a signature service behind the scanner should sign', () => {
    const inline = inlineSetup();
    const sign = rule(4, { Name: 'Sign', FromScope: 'InOrganization', ...signing });
    const setup = {
      ...inline,
      outboundConnectors: [...inline.outboundConnectors, routed('Sign', 'smtp.inkwell.example')],
      transportRules: [...inline.transportRules, sign],
    };
    const journey = send(cloud([setup]));
    expect(rulesHit(journey).flat()).not.toContain('Sign');
  });
});

function never(): never {
  throw new Error('no such pass');
}
