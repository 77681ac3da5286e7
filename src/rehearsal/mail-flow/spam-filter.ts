import { listOf, textOf } from '../exchange/exchange-object.ts';
import type { SmtpReply } from '../smtp/smtp-reply.ts';
import type { Authentication } from './authentication.ts';
import type { FlowSwitches } from './flow-switches.ts';
import { domainOf, type MailMessage } from './mail-message.ts';
import { holdsAddress } from './match.ts';
import { refusals } from './refusals.ts';
import type { Setup } from './setup.ts';

export type FilterVerdict =
  | { readonly kind: 'inbox' }
  | { readonly kind: 'junk' | 'quarantined'; readonly why: string }
  | { readonly kind: 'refused'; readonly reply: SmtpReply };

export interface FilterQuestion {
  readonly setup: Setup;
  readonly switches: FlowSwitches;
  readonly message: MailMessage;
  /** Null for mail that needs no proof of its sender. */
  readonly authentication: Authentication | null;
  /** What the rules have set, or null. */
  readonly scl: number | null;
}

const SPAM = 5;

/** Spam confidence level before any rule: −1 for what is not filtered, 5 for what looks like spam, else 1. */
export function firstScl(message: MailMessage, authentication: Authentication | null): number {
  if (authentication === null) return -1;
  return message.content === 'spam' ? SPAM : 1;
}

/** What filtering does with a message that is for a mailbox here. Malware is caught whatever anybody allowed. */
export function filter(question: FilterQuestion): FilterVerdict {
  const { message, authentication, scl, setup, switches } = question;
  if (message.content === 'malware') return { kind: 'quarantined', why: 'malware' };
  if (authentication === null) return { kind: 'inbox' };
  if (isBlocked(setup, authentication.address)) return { kind: 'junk', why: 'IP block list' };
  if (scl === -1 || isAllowed(setup, authentication.address)) return { kind: 'inbox' };
  if (scl !== null && scl >= SPAM && !switches.sclIsOnlyInput) return { kind: 'junk', why: `SCL ${scl} set by a rule` };
  const spoof = spoofVerdict(question, authentication);
  if (spoof !== null) return spoof;
  return message.content === 'spam' ? { kind: 'junk', why: 'spam' } : { kind: 'inbox' };
}

/** A failed DMARC check is dealt with as the sender's domain asks, unless the pair is allowed to spoof. */
function spoofVerdict(
  { setup, message }: FilterQuestion,
  { dmarc, policy, address }: Authentication,
): FilterVerdict | null {
  if (dmarc !== 'fail' || isAllowedSpoof(setup, message.headerFrom, address)) return null;
  const [antiPhish] = setup.antiPhishPolicies;
  const isHonored = antiPhish?.['HonorDmarcPolicy'] !== false;
  if (policy === 'reject' && isHonored) {
    const isQuarantined = antiPhish?.['DmarcRejectAction'] === 'Quarantine';
    return isQuarantined ? { kind: 'quarantined', why: 'DMARC' } : { kind: 'refused', reply: refusals.dmarc };
  }
  if (policy === 'quarantine' && isHonored) {
    const isJunk = antiPhish?.['DmarcQuarantineAction'] === 'MoveToJmf';
    return { kind: isJunk ? 'junk' : 'quarantined', why: 'DMARC' };
  }
  if (policy === 'none' || antiPhish?.['EnableSpoofIntelligence'] === false) return null;
  const isQuarantined = antiPhish?.['AuthenticationFailAction'] === 'Quarantine';
  return { kind: isQuarantined ? 'quarantined' : 'junk', why: 'spoof' };
}

/** A pair of sender and /24 of its server; names of servers are not known here. */
function isAllowedSpoof(setup: Setup, sender: string, address: string): boolean {
  const wanted = [sender.toLowerCase(), domainOf(sender), '*'];
  return setup.spoofItems.some((item) => {
    const infrastructure = textOf(item, 'SendingInfrastructure');
    const isPlace =
      infrastructure === '*' || (/^[\d./]+$/u.test(infrastructure) && holdsAddress([infrastructure], address));
    return item['Action'] === 'Allow' && isPlace && wanted.includes(textOf(item, 'SpoofedUser').toLowerCase());
  });
}

function isAllowed(setup: Setup, address: string): boolean {
  return setup.connectionFilters.some((policy) => holdsAddress(listOf(policy, 'IPAllowList'), address));
}

function isBlocked(setup: Setup, address: string): boolean {
  return (
    !isAllowed(setup, address) &&
    setup.connectionFilters.some((policy) => holdsAddress(listOf(policy, 'IPBlockList'), address))
  );
}
