import { OpsError, UnavailableError } from '../core/errors.ts';
import { ChannelRefusal } from './channel-refusal.ts';

/** Whether Teams said that it will never take this: the conversation or the message is gone. */
export function isRefused(error: unknown): boolean {
  return error instanceof OpsError && error.code === 'refused';
}

/** Whether sending the very same again cannot help: there is nowhere to send it, or Teams finds fault with it. */
export function isFinal(error: unknown): boolean {
  return isRefused(error) || (error instanceof OpsError && error.code === 'rejected');
}

/** Whether Teams said no without a reason that lasts: it does so in passing, too. */
export function isRefusedForNow(error: unknown): boolean {
  return error instanceof UnavailableError && error.cause instanceof ChannelRefusal && error.cause.isNo;
}
