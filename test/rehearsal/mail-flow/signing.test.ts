import { describe, expect, it } from 'vitest';
import type { Setup } from '../../../src/rehearsal/mail-flow/setup.ts';
import { inlineSetup } from './inline-set.ts';
import { cloud, contoso, ends, type Internet, knock, passes, send } from './small-cloud.ts';

const on = { Domain: 'contoso.com', Enabled: true };

/** Whose signature a message carries as it leaves for the last time. */
function signer(setup: Setup, facts = {}, net: Internet = {}): string | null | undefined {
  return passes(send(cloud([setup], net), facts)).at(-1)?.endings[0]?.message.dkim;
}

describe('rehearsal/mail-flow/sign-outgoing', () => {
  it('signs in the name of the initial domain until signing is on for the own one', () => {
    expect(signer(contoso())).toBe('contoso.onmicrosoft.com');
    expect(signer(contoso({ dkimConfigs: [{ ...on, Enabled: false }] }))).toBe('contoso.onmicrosoft.com');
    expect(signer(contoso({ dkimConfigs: [on] }))).toBe('contoso.com');
  });

  it('signs for every domain by its own configuration', () => {
    const setup = contoso({ dkimConfigs: [on] });
    expect(signer(setup, { from: 'kim@sales.contoso.com' })).toBe('contoso.onmicrosoft.com');
  });

  it('goes by the author, not by the envelope', () => {
    const setup = contoso({ dkimConfigs: [on] });
    expect(signer(setup, { from: '', headerFrom: 'alex@contoso.com', type: 'OOF' })).toBe('contoso.com');
    expect(signer(setup, { from: 'alex@contoso.com', headerFrom: 'host@partner.example', dkim: null })).toBeNull();
  });

  it('makes a signature that nobody can verify once the keys are no longer to be found', () => {
    expect(signer(contoso({ dkimConfigs: [on] }), {}, { keyless: ['contoso.com'] })).toBeNull();
  });

  it('signs again what its own scanner has rewritten', () => {
    const setup = { ...inlineSetup(), dkimConfigs: [on] };
    expect(signer(setup, {}, { scanner: { fault: 'rewrites-body' } })).toBe('contoso.com');
  });

  it('signs nothing that a stranger writes in its name', () => {
    const setup = { ...inlineSetup(), dkimConfigs: [on] };
    const [first] = passes(knock(cloud([setup]), { from: 'alex@contoso.com' }));
    expect(first?.endings[0]).toMatchObject({ kind: 'sent', message: { dkim: null } });
  });

  it('passes DMARC at another organisation by its own signature only, where SPF does not help', () => {
    const fabrikam = contoso({
      id: 'c0000000-0000-4000-8000-000000000002',
      initialDomain: 'fabrikam.onmicrosoft.com',
      acceptedDomains: [{ DomainName: 'fabrikam.com', DomainType: 'Authoritative' }],
      mailboxes: new Set(['info@fabrikam.com']),
    });
    const net = {
      mx: { 'fabrikam.com': 'fabrikam-com.mail.protection.outlook.com' },
      texts: { '_dmarc.contoso.com': 'v=DMARC1; p=reject', 'contoso.com': 'v=spf1 -all' },
    };
    const end = (setup: Setup): string[] => ends(send(cloud([setup, fabrikam], net), { to: 'info@fabrikam.com' }));
    expect(end(contoso())).toEqual(['refused 550 5.7.509']);
    expect(end(contoso({ dkimConfigs: [on] }))).toEqual(['inbox']);
  });
});

describe('rehearsal/mail-flow, seals of others (ARC)', () => {
  const texts = {
    'outside.example': 'v=spf1 ip4:198.51.100.0/24 -all',
    '_dmarc.outside.example': 'v=DMARC1; p=reject',
  };
  const trusting = { arcConfigs: [{ ArcTrustedSealers: ['other.example', 'Inline.example'] }] };

  /** Mail of a domain that asks for refusal, through a scanner that rewrites it. No rule trusts the scanner. */
  function through(scanner: Internet['scanner'], more: Partial<Setup> = {}, dkim: string | null = 'outside.example') {
    const setup = inlineSetup((rules) => rules.filter(({ Name }) => Name !== 'Trust' && Name !== 'Junk'));
    const net = { texts, scanner: { fault: 'rewrites-body' as const, ...scanner } };
    const journey = knock(cloud([{ ...setup, ...more }], net), { dkim }, dkim === null ? { source: '192.0.2.66' } : {});
    return { end: ends(journey)[0], arc: passes(journey)[1]?.authentication?.arc };
  }

  it('E11: refuses genuine mail that a scanner rewrote without a seal', () => {
    expect(through({}, trusting)).toEqual({ end: 'refused 550 5.7.509', arc: 'none' });
  });

  it('E11: refuses it when nobody trusts the seal', () => {
    expect(through({ sealer: 'inline.example' })).toEqual({ end: 'refused 550 5.7.509', arc: 'none' });
  });

  it('E11: lets it in by a seal that the organisation trusts', () => {
    expect(through({ sealer: 'inline.example' }, trusting)).toEqual({ end: 'inbox', arc: 'pass' });
  });

  it('makes no forgery genuine by a trusted seal', () => {
    expect(through({ sealer: 'inline.example' }, trusting, null)).toEqual({ end: 'refused 550 5.7.509', arc: 'none' });
  });

  it('seals what it passes on, as genuine as it found it', () => {
    const [own] = passes(send(cloud([contoso()])))[0]?.endings ?? [];
    expect(own?.message.arc).toEqual({ sealer: 'microsoft.com', isGenuine: true });
    const [foreign] = passes(knock(cloud([inlineSetup()], { texts }), {}, { source: '192.0.2.66' }))[0]?.endings ?? [];
    expect(foreign?.message.arc).toEqual({ sealer: 'microsoft.com', isGenuine: false });
  });
});
