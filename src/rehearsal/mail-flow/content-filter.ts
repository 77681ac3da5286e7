import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import { domainOf, type MailMessage, withHeader } from './mail-message.ts';
import type { Setup } from './setup.ts';

/** What filtering found, by the setting of the policy that says what to do about it. */
export type SpamFinding =
  | 'SpamAction'
  | 'HighConfidenceSpamAction'
  | 'PhishSpamAction'
  | 'HighConfidencePhishAction'
  | 'BulkSpamAction';

/** What becomes of a message that filtering condemned. */
export type Disposal =
  | { readonly kind: 'inbox' | 'junk' | 'quarantined' | 'deleted'; readonly message: MailMessage; readonly why: string }
  | { readonly kind: 'redirected'; readonly to: readonly string[] }
  /** It stays in the inbox, and others get it too. */
  | { readonly kind: 'copied'; readonly message: MailMessage; readonly why: string; readonly to: readonly string[] };

/** The organisation's default policy; the rehearsal has no rules that give some people another one. */
export function contentFilterOf({ contentFilters }: Setup): ExchangeObject {
  return contentFilters.find((policy) => isOn(policy, 'IsDefault')) ?? contentFilters[0] ?? {};
}

export function dispose(policy: ExchangeObject, finding: SpamFinding, message: MailMessage, why: string): Disposal {
  const usual = finding === 'HighConfidencePhishAction' ? 'Quarantine' : 'MoveToJmf';
  switch (textOf(policy, finding) || usual) {
    case 'NoAction':
      return { kind: 'inbox', message, why };
    case 'AddXHeader':
      return { kind: 'inbox', message: withHeader(message, spamHeader(policy), SPAM_TEXT), why };
    case 'ModifySubject':
      return {
        kind: 'junk',
        message: { ...message, subject: `${textOf(policy, 'ModifySubjectValue')}${message.subject}` },
        why,
      };
    case 'Quarantine':
      return { kind: 'quarantined', message, why };
    case 'Delete':
      return { kind: 'deleted', message, why };
    case 'Redirect':
      return { kind: 'redirected', to: listOf(policy, 'RedirectToRecipients') };
    default:
      return { kind: 'junk', message, why };
  }
}

/** Mass mail counts as spam from the policy's threshold on, unless that is switched off. */
export function isBulk(policy: ExchangeObject, { traits }: MailMessage): boolean {
  const threshold = policy['BulkThreshold'];
  const least = typeof threshold === 'number' ? threshold : USUAL_THRESHOLD;
  return traits.bulk >= least && policy['MarkAsSpamBulkMail'] !== 'Off';
}

const USUAL_THRESHOLD = 7;

const SPAM_TEXT = 'This message appears to be spam.';

/** A value with a space or a colon is no header name and is ignored. */
function spamHeader(policy: ExchangeObject): string {
  const name = textOf(policy, 'AddXHeaderValue');
  return /^[!-9;-~]+$/u.test(name) ? name : 'X-This-Is-Spam';
}

export function isAllowedSender(policy: ExchangeObject, author: string): boolean {
  return isListed(policy, 'AllowedSenders', 'AllowedSenderDomains', author);
}

export function isBlockedSender(policy: ExchangeObject, author: string): boolean {
  return isListed(policy, 'BlockedSenders', 'BlockedSenderDomains', author);
}

function isListed(policy: ExchangeObject, senders: string, domains: string, author: string): boolean {
  const holds = (property: string, wanted: string): boolean =>
    listOf(policy, property).some((entry) => entry.toLowerCase() === wanted);
  return holds(senders, author.toLowerCase()) || holds(domains, domainOf(author));
}
