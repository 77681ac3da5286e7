import { listOf } from '../exchange/exchange-object.ts';
import type { SmtpReply } from '../smtp/smtp-reply.ts';
import type { Authentication } from './authentication.ts';
import {
  contentFilterOf,
  type Disposal,
  dispose,
  isAllowedSender,
  isBlockedSender,
  type SpamFinding,
} from './content-filter.ts';
import type { FlowSwitches } from './flow-switches.ts';
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
 * What filtering does with a message that is for a mailbox here. Malware and phishing are caught whatever anybody
 * allowed; a blocked address is refused before anything else is looked at.
 */
export function filter(question: FilterQuestion): FilterVerdict {
  const { message, authentication, setup } = question;
  const policy = contentFilterOf(setup);
  const isAllowed = authentication !== null && isListed(setup, 'IPAllowList', authentication.address);
  if (authentication !== null && !isAllowed && isListed(setup, 'IPBlockList', authentication.address)) {
    return { kind: 'refused', message, reply: refusals.blocked };
  }
  if (message.content === 'malware') return { kind: 'quarantined', message, why: 'malware' };
  if (authentication === null) return inbox(message);
  if (message.content === 'phish') return dispose(policy, 'HighConfidencePhishAction', message, 'phish');
  if (question.scl === -1 || isAllowed) return inbox(message);
  return spoofVerdict(setup, message, authentication) ?? byContent(question);
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
  return message.content === 'spam' ? condemn('SpamAction', 'spam') : inbox(message);
}

function isListed(setup: Setup, list: 'IPAllowList' | 'IPBlockList', address: string): boolean {
  return setup.connectionFilters.some((policy) => holdsAddress(listOf(policy, list), address));
}
