import type { SmtpReply } from './smtp-reply.ts';

/** Refusals of the tenant edge that no object of a tenant brings about; asked for by their names. */
export const namedReplies = {
  'wrong-region': {
    code: 451,
    text:
      '4.4.62 Mail sent to the wrong Office 365 region. ATTR35. For more information please go to ' +
      'https://go.microsoft.com/fwlink/?linkid=865268',
  },
  'no-mailboxes': {
    code: 550,
    text:
      '4.4.4 Mail received as unauthenticated, incoming to a recipient domain configured in a hosted tenant which ' +
      'has no mail-enabled subscriptions. ATTR5',
  },
  'bad-connector': { code: 550, text: '5.7.711 Access denied, bad inbound connector. AS(2204)' },
  'banned-address': { code: 550, text: '5.7.606 Access denied, banned sending IP [{source}]' },
  'banned-sender': { code: 550, text: '5.7.511 Access denied, banned sender[{source}]' },
  'customer-block-list': {
    code: 550,
    text: '5.7.513 Service unavailable, Client host [{source}] blocked by {domain} using Customer Block list',
  },
  'server-busy': { code: 451, text: '4.7.500 Server busy. Please try again later from [{source}]. (S77714)' },
  'too-many-recipients': { code: 452, text: '4.5.3 Too many recipients (AS780090)' },
  'temporary-error': { code: 451, text: '4.3.2 Temporary server error. Please try again later ATTR55' },
  'temporary-network-error': { code: 451, text: '4.4.3 Temporary server error. Please try again later ATTR55.1' },
} as const satisfies Readonly<Record<string, SmtpReply>>;

/** The reply to one recipient, with the facts it names. */
export function filledIn({ code, text }: SmtpReply, facts: { source: string; domain: string }): SmtpReply {
  return { code, text: text.replaceAll('{source}', facts.source).replaceAll('{domain}', facts.domain) };
}
