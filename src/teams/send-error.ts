import {
  type OpsError,
  RefusedError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../core/errors.ts';
import type { ChannelRefusal } from './channel-refusal.ts';

/** What was tried. A post may not be repeated unless it certainly was not shown; an update may. */
export interface Sending {
  readonly operation: string;
  readonly repeatable: boolean;
}

const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
]);

/** The error for an answer that is no success. */
export function errorOfAnswer(refusal: ChannelRefusal, retryAfter: number | null, sending: Sending): OpsError {
  const { operation } = sending;
  const { status } = refusal;
  if (status === 429 || status === 412) {
    const next = 'Nothing to do: it is sent again when Teams allows it.';
    const detail = { operation, next, cause: refusal, retryAfterSeconds: retryAfter };
    return new ThrottledError('Teams asks to send more slowly in this conversation.', detail);
  }
  if (status === 401) {
    const next = 'An operator checks the credential of the bot registration (BOT_APP_ID, BOT_APP_SECRET).';
    return new UnavailableError('Teams did not accept the token of the bot.', { operation, next, cause: refusal });
  }
  if (refusal.closesConversation || refusal.endsMessage) {
    const next = 'Install the app there again, or choose another conversation.';
    const what = refusal.closesConversation ? 'The conversation is gone or closed to the bot.' : 'The message is gone.';
    return new RefusedError(what, { operation, next, cause: refusal });
  }
  if (refusal.isNo) {
    const next = 'Nothing to do: it is tried again a few times. The log has what Teams answered.';
    return new UnavailableError('Teams refused this for now.', { operation, next, cause: refusal });
  }
  if (status >= 500 || status < 400) return interrupted(refusal, sending);
  const next = 'An operator finds the answer of Teams in the log; sending the same again will not help.';
  return new RejectedError('Teams refused the message.', { operation, next, cause: refusal });
}

/** The error for a call that broke off or got no answer in time. */
export function errorOfFailure(error: unknown, sending: Sending): OpsError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return NOT_SENT.has(code) ? unreachable(error, sending) : interrupted(error, sending);
}

export function unreachable(cause: unknown, { operation }: Sending): OpsError {
  const next = 'An operator checks that the bot can reach Teams and Entra.';
  return new UnavailableError('Teams could not be reached; nothing was sent.', { operation, next, cause });
}

function interrupted(cause: unknown, sending: Sending): OpsError {
  if (sending.repeatable) return unreachable(cause, sending);
  const next = 'Look into the conversation before sending it again.';
  const { operation } = sending;
  return new UnknownOutcomeError('Teams did not say whether the message was shown.', { operation, next, cause });
}
