import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerText, isAccepted, smtpVerdict } from '../../src/mail/smtp-verdict.ts';
import { smtpFailure, smtpReply } from '../support/fake-smtp.ts';

const replies: readonly (readonly [
  code: number,
  enhanced: string | null,
  stage: 'rcpt' | 'mail' | 'greeting',
  verdict: string,
])[] = [
  [550, '5.7.51', 'rcpt', 'refused-by-lock'],
  [450, '5.7.51', 'rcpt', 'try-later'],
  [250, '2.1.5', 'rcpt', 'accepted'],
  [250, null, 'rcpt', 'accepted'],
  [250, '2.1.0', 'mail', 'inconclusive'],
  [220, null, 'greeting', 'inconclusive'],
  [550, '5.4.1', 'rcpt', 'inconclusive'],
  [550, '5.7.68', 'rcpt', 'inconclusive'],
  [550, '5.7.64', 'rcpt', 'inconclusive'],
  [550, '4.4.4', 'rcpt', 'inconclusive'],
  [451, '4.4.62', 'rcpt', 'inconclusive'],
  [451, '5.7.3', 'mail', 'inconclusive'],
  [550, '5.7.606', 'rcpt', 'inconclusive'],
  [550, '5.7.649', 'rcpt', 'inconclusive'],
  [550, '5.7.511', 'rcpt', 'inconclusive'],
  [550, '5.7.513', 'rcpt', 'inconclusive'],
  [550, '5.7.711', 'rcpt', 'inconclusive'],
  [550, '5.7.1', 'rcpt', 'inconclusive'],
  [550, '5.7.510', 'rcpt', 'inconclusive'],
  [550, null, 'rcpt', 'inconclusive'],
  [554, null, 'greeting', 'inconclusive'],
  [451, '4.7.500', 'rcpt', 'try-later'],
  [451, '4.7.699', 'rcpt', 'try-later'],
  [452, '4.5.3', 'rcpt', 'try-later'],
  [451, '4.3.2', 'rcpt', 'try-later'],
  [451, '4.4.3', 'rcpt', 'try-later'],
  [421, null, 'greeting', 'try-later'],
  [450, '4.7.26', 'rcpt', 'inconclusive'],
];

describe('mail/smtp-verdict', () => {
  it.each(replies)('reads %i %s at %s as %4$s', (code, enhanced, stage, verdict) => {
    expect(smtpVerdict(smtpReply(code, enhanced, 'text', stage)).verdict).toBe(verdict);
  });

  it.each(['unreachable', 'timeout', 'certificate', 'no-starttls', 'protocol', 'refused-address'] as const)(
    'finds %s inconclusive and says what to do',
    (reason) => {
      const { verdict, remedy } = smtpVerdict(smtpFailure(reason));

      expect(verdict).toBe('inconclusive');
      expect(remedy).not.toBe('');
    },
  );

  it.each([
    ['5.7.68', /^An administrator of the tenant removes “example\.net” from the accepted domains/u],
    ['4.4.62', /^An administrator of the tenant compares this host with the MX record .* Domains/u],
  ])('says of %s what somebody can do', (enhanced, remedy) => {
    expect(smtpVerdict(smtpReply(550, enhanced, 'text')).remedy).toMatch(remedy);
  });

  it('asks again when a host hangs up in the middle', () => {
    expect(smtpVerdict(smtpFailure('connection-closed', 'rcpt')).verdict).toBe('try-later');
  });

  it('calls nothing locked but 5.7.51 and nothing open but an accepted recipient', () => {
    const reply = fc.record({
      kind: fc.constant('reply' as const),
      stage: fc.constantFrom('connect', 'greeting', 'ehlo', 'starttls', 'mail', 'rcpt'),
      code: fc.integer({ min: 200, max: 599 }),
      enhancedCode: fc.option(fc.constantFrom('5.7.51', '5.7.5', '15.7.51', '5.7.510', '4.7.51', '2.1.5', '5.4.1')),
      text: fc.string(),
    });
    fc.assert(
      fc.property(reply, (answer) => {
        const { verdict } = smtpVerdict(answer);
        const open = answer.stage === 'rcpt' && answer.code < 300;
        expect(verdict === 'accepted').toBe(open);
        expect(isAccepted(answer)).toBe(open);
        expect(verdict === 'refused-by-lock').toBe(!open && answer.code >= 500 && answer.enhancedCode === '5.7.51');
      }),
    );
  });

  it('repeats the host in its own words, without doubling the codes', () => {
    expect(answerText(smtpReply(550, '5.7.51', 'TenantInboundAttribution; Rejecting'))).toBe(
      '550 5.7.51 TenantInboundAttribution; Rejecting',
    );
    expect(answerText(smtpReply(550, '5.7.51', '550 5.7.51 Rejecting'))).toBe('550 5.7.51 Rejecting');
    expect(answerText(smtpReply(550, null, 'x'.repeat(500))).length).toBe(120);
    expect(answerText(smtpFailure('timeout', 'greeting'))).toBe('nothing (timeout at greeting)');
  });
});
