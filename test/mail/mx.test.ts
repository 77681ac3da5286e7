import { describe, expect, it } from 'vitest';
import { classifyMx, isMicrosoftMx, parseMxPatterns } from '../../src/mail/mx.ts';

const patterns = ['(^|\\.)exchangedefender\\.com$'];

describe('mail/mx', () => {
  it.each([
    ['contoso-com.mail.protection.outlook.com', true],
    ['CONTOSO-COM.Mail.Protection.Outlook.COM.', true],
    ['contoso-com.b-v1.mx.microsoft', true],
    ['contoso.mail.eo.outlook.com', true],
    ['contoso-gov.mail.protection.office365.us', true],
    ['contoso-com.mail.protection.outlook.com.evil.example', false],
    ['mail.protection.outlook.example', false],
    ['inbound30.exchangedefender.com', false],
    ['', false],
  ])('tells whether %j is Office 365: %s', (host, expected) => {
    expect(isMicrosoftMx(host)).toBe(expected);
  });

  it.each([
    [[], 'none'],
    [[''], 'null-mx'],
    [['inbound30.exchangedefender.com'], 'gateway'],
    [['Inbound30.ExchangeDefender.com.', 'inbound31.exchangedefender.com'], 'gateway'],
    [['contoso-com.mail.protection.outlook.com'], 'microsoft'],
    [['inbound30.exchangedefender.com', 'contoso-com.mail.protection.outlook.com'], 'mixed'],
    [['inbound30.exchangedefender.com', ''], 'mixed'],
    [['mx1.oldgate.example'], 'other'],
    [['inbound30.exchangedefender.com.evil.example'], 'other'],
    [['notexchangedefender.com'], 'other'],
  ])('classifies %j as %s', (hosts, expected) => {
    expect(
      classifyMx(
        hosts.map((exchange) => ({ exchange })),
        patterns,
      ),
    ).toBe(expected);
  });

  it('never takes Office 365 for a gateway, whatever the patterns say', () => {
    expect(classifyMx([{ exchange: 'contoso-com.mail.protection.outlook.com' }], ['.*$'])).toBe('microsoft');
  });

  it.each([
    ['mx.gate.example', ['^mx\\.gate\\.example$']],
    ['*.gate.example', ['\\.gate\\.example$']],
    ['MX2.gate.example., mx1.gate.example\nmx1.gate.example', ['^mx1\\.gate\\.example$', '^mx2\\.gate\\.example$']],
  ])('turns %j into patterns', (typed, expected) => {
    expect(parseMxPatterns(typed)).toEqual({ ok: true, patterns: expected });
  });

  it('matches exactly the hosts that were typed', () => {
    const parsed = parseMxPatterns('mx.gate.example');
    const kindOf = (exchange: string) => classifyMx([{ exchange }], parsed.ok ? parsed.patterns : []);

    expect(kindOf('mx.gate.example')).toBe('gateway');
    expect(kindOf('mxxgate.example')).toBe('other');
    expect(kindOf('a.mx.gate.example')).toBe('other');
  });

  it.each([
    '',
    ' , ',
    '.*',
    '*',
    '*.com',
    'gate',
    '10.0.0.1',
    'x-com.mail.protection.outlook.com',
    '*.outlook.com',
    'mx.microsoft',
  ])('refuses %j as a mail exchanger of a gateway', (typed) => {
    expect(parseMxPatterns(typed)).toMatchObject({ ok: false });
  });
});
