import { listOf } from '../exchange/exchange-object.ts';
import type { SmtpReply } from '../smtp/smtp-reply.ts';
import { hasBlockedFile, hasBlockedLink, saidAboutSender } from './allow-block-list.ts';
import type { Authentication } from './authentication.ts';
import {
  contentFilterOf,
  type Disposal,
  dispose,
  isAllowedSender,
  isBlockedSender,
  isBulk,
  type SpamFinding,
} from './content-filter.ts';
import type { FlowSwitches } from './flow-switches.ts';
import { impersonationVerdict } from './impersonation.ts';
import type { MailMessage } from './mail-message.ts';
import { holdsAddress } from './match.ts';
import { refusals } from './refusals.ts';
import type { Setup } from './setup.ts';
import { spoofVerdict } from './spoof-verdict.ts';

export type FilterVerdict =
  | Disposal
  | { readonly kind: 'refused'; readonly message: MailMessage; readonly reply: SmtpReply };

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
const SURELY_SPAM = 7;

/** Spam confidence level before any rule: −1 for what is not filtered, 5 for what looks like spam, else 1. */
export function firstScl(message: MailMessage, authentication: Authentication | null): number {
  if (authentication === null) return -1;
  return message.content === 'spam' ? SPAM : 1;
}

/**
 * What filtering does with a message that is for a mailbox here. Malware and phishing, blocked files and links among
 * them, are caught whatever anybody allowed; a blocked address is refused before anything else is looked at. Then come
 * a blocked sender, what may be phishing, spoofing, look-alikes, spam and mass mail, in this order.
 */
export function filter(question: FilterQuestion): FilterVerdict {
  const { message, authentication, setup } = question;
  const isAllowed = authentication !== null && isListed(setup, 'IPAllowList', authentication.address);
  if (authentication !== null && !isAllowed && isListed(setup, 'IPBlockList', authentication.address)) {
    return { kind: 'refused', message, reply: refusals.blocked };
  }
  if (message.content === 'malware') return { kind: 'quarantined', message, why: 'malware' };
  if (hasBlockedFile(setup, message)) return { kind: 'quarantined', message, why: 'blocked file' };
  if (authentication === null) return inbox(message);
  const caught = caughtAnyway(setup, message);
  if (caught !== null || question.scl === -1 || isAllowed) return caught ?? inbox(message);
  return byJudgement(question, authentication);
}

/** What no rule and no allowed address lets in. */
function caughtAnyway(setup: Setup, message: MailMessage): FilterVerdict | null {
  const policy = contentFilterOf(setup);
  if (message.content === 'phish') return dispose(policy, 'HighConfidencePhishAction', message, 'phish');
  if (hasBlockedLink(setup, message)) return dispose(policy, 'HighConfidencePhishAction', message, 'blocked link');
  const isBlocked = saidAboutSender(setup, message.headerFrom) === 'Block';
  return isBlocked ? dispose(policy, 'HighConfidenceSpamAction', message, 'sender on the block list') : null;
}

function byJudgement(question: FilterQuestion, authentication: Authentication): FilterVerdict {
  const { setup, message } = question;
  const policy = contentFilterOf(setup);
  const isAllowed = saidAboutSender(setup, message.headerFrom) === 'Allow';
  if (message.content === 'likely-phish' && !isAllowed && !isAllowedSender(policy, message.headerFrom)) {
    return dispose(policy, 'PhishSpamAction', message, 'may be phish');
  }
  const posing = spoofVerdict(setup, message, authentication) ?? impersonationVerdict(setup, message);
  return posing ?? (isAllowed ? inbox(message) : byContent(question));
}

function inbox(message: MailMessage): FilterVerdict {
  return { kind: 'inbox', message, why: '' };
}

function byContent({ setup, message, scl, switches }: FilterQuestion): FilterVerdict {
  const policy = contentFilterOf(setup);
  const condemn = (finding: SpamFinding, why: string): FilterVerdict => dispose(policy, finding, message, why);
  const isCondemned = scl !== null && scl >= SPAM && !switches.sclIsOnlyInput;
  if (isCondemned) {
    return condemn(scl >= SURELY_SPAM ? 'HighConfidenceSpamAction' : 'SpamAction', `SCL ${scl} set by a rule`);
  }
  if (isBlockedSender(policy, message.headerFrom)) return condemn('SpamAction', 'blocked sender');
  if (isAllowedSender(policy, message.headerFrom)) return inbox(message);
  if (message.content === 'spam') return condemn('SpamAction', 'spam');
  return isBulk(policy, message) ? condemn('BulkSpamAction', 'mass mail') : inbox(message);
}

function isListed(setup: Setup, list: 'IPAllowList' | 'IPBlockList', address: string): boolean {
  return setup.connectionFilters.some((policy) => holdsAddress(listOf(policy, list), address));
}
