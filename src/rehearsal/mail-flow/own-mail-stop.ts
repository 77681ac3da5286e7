import type { SmtpReply } from '../smtp/smtp-reply.ts';
import { saidAboutSender } from './allow-block-list.ts';
import { maySendFrom } from './domain-switches.ts';
import type { Arrival, MailMessage } from './mail-message.ts';
import { refusals } from './refusals.ts';
import type { Setup } from './setup.ts';

/**
 * What stops a message that the organisation itself sends, before any rule: a domain that must not send, or one
 * recipient among all of them whom its own list blocks. The list stops users only, as it is documented.
 */
export function ownMailStop(setup: Setup, arrival: Arrival, message: MailMessage): SmtpReply | null {
  if (!maySendFrom(setup, message)) return refusals.mutedDomain;
  if (arrival.by !== 'submission') return null;
  const everybody = [message.to, ...message.recipients];
  const isBlocked = everybody.some((recipient) => saidAboutSender(setup, recipient) === 'Block');
  return isBlocked ? refusals.blockedRecipient : null;
}
