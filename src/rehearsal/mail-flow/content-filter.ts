import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import { domainOf, type MailMessage, withHeader } from './mail-message.ts';
import type { Setup } from './setup.ts';

/** What filtering found, by the setting of the policy that says what to do about it. */
export type SpamFinding = 'SpamAction' | 'HighConfidenceSpamAction' | 'HighConfidencePhishAction';

/** What becomes of a message that filtering condemned. */
export type Disposal =
  | { readonly kind: 'inbox' | 'junk' | 'quarantined' | 'deleted'; readonly message: MailMessage; readonly why: string }
  | { readonly kind: 'redirected'; readonly to: readonly string[] };

/** The organisation's default policy; the rehearsal has no rules that give some people another one. */
export function contentFilterOf({ contentFilters }: Setup): ExchangeObject {
  return contentFilters.find((policy) => isOn(policy, 'IsDefault')) ?? contentFilters[0] ?? {};
}

export function dispose(policy: ExchangeObject, finding: SpamFinding, message: MailMessage, why: string): Disposal {
  const usual = finding === 'HighConfidencePhishAction' ? 'Quarantine' : 'MoveToJmf';
  switch (textOf(policy, finding) || usual) {
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
