import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import type { Disposal } from './content-filter.ts';
import { domainOf, type MailMessage } from './mail-message.ts';
import { acceptedDomain, type Setup } from './setup.ts';
import { antiPhishOf } from './spoof-verdict.ts';

/** Which of the three protections against look-alikes speaks. */
interface Protection {
  readonly why: string;
  readonly action: string;
  readonly recipients: string;
}

const USER: Protection = {
  why: 'user impersonation',
  action: 'TargetedUserProtectionAction',
  recipients: 'TargetedUserActionRecipients',
};
const DOMAIN: Protection = {
  why: 'domain impersonation',
  action: 'TargetedDomainProtectionAction',
  recipients: 'TargetedDomainActionRecipients',
};
const CONTACT: Protection = {
  why: 'mailbox intelligence',
  action: 'MailboxIntelligenceProtectionAction',
  recipients: 'MailboxIntelligenceProtectionActionRecipients',
};

/**
 * What becomes of a message whose author is made to look like a protected person, a protected domain or somebody the
 * recipient writes with, in this order; null when nobody minds.
 */
export function impersonationVerdict(setup: Setup, message: MailMessage): Disposal | null {
  const policy = antiPhishOf(setup);
  const protection = policy && protectionOf(setup, policy, message);
  return policy && protection ? disposed(policy, protection, message) : null;
}

function protectionOf(setup: Setup, policy: ExchangeObject, message: MailMessage): Protection | null {
  const resembled = message.traits.resembles?.toLowerCase();
  if (!resembled || policy['ImpersonationProtectionState'] === 'Off' || isExcluded(policy, message)) return null;
  if (isOn(policy, 'EnableTargetedUserProtection') && protectedUsers(policy).includes(resembled)) return USER;
  if (isProtectedDomain(setup, policy, resembled)) return DOMAIN;
  const knows = isOn(policy, 'EnableMailboxIntelligence') && isOn(policy, 'EnableMailboxIntelligenceProtection');
  return knows && resembled.includes('@') ? CONTACT : null;
}

/** Every entry is a display name, a semicolon and the address. */
function protectedUsers(policy: ExchangeObject): string[] {
  return listOf(policy, 'TargetedUsersToProtect').map((entry) => entry.slice(entry.lastIndexOf(';') + 1).toLowerCase());
}

function isProtectedDomain(setup: Setup, policy: ExchangeObject, domain: string): boolean {
  const named = isOn(policy, 'EnableTargetedDomainsProtection') && holds(policy, 'TargetedDomainsToProtect', domain);
  return named || (isOn(policy, 'EnableOrganizationDomainsProtection') && acceptedDomain(setup, domain) !== null);
}

function isExcluded(policy: ExchangeObject, { headerFrom }: MailMessage): boolean {
  return (
    holds(policy, 'ExcludedSenders', headerFrom.toLowerCase()) || holds(policy, 'ExcludedDomains', domainOf(headerFrom))
  );
}

function holds(policy: ExchangeObject, list: string, wanted: string): boolean {
  return listOf(policy, list).some((entry) => entry.toLowerCase() === wanted);
}

/** NoAction leaves the message to the rest of filtering. */
function disposed(
  policy: ExchangeObject,
  { why, action, recipients }: Protection,
  message: MailMessage,
): Disposal | null {
  const to = listOf(policy, recipients);
  switch (textOf(policy, action)) {
    case 'MoveToJmf':
      return { kind: 'junk', message, why };
    case 'Quarantine':
      return { kind: 'quarantined', message, why };
    case 'Delete':
      return { kind: 'deleted', message, why };
    case 'Redirect':
      return { kind: 'redirected', to };
    case 'BccMessage':
      return { kind: 'copied', message, why, to };
    default:
      return null;
  }
}
