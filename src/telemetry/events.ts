import type { RequestEvent, Transition } from '../core/request-event.ts';
import type { Logger } from './log.ts';

/** An event went through the gate, or was refused there. Steps of a run are events too. */
export function requestMoved(
  log: Logger,
  {
    request,
    event,
    result,
  }: { readonly request: string; readonly event: RequestEvent['type']; readonly result: Transition },
): void {
  const outcome =
    result.kind === 'moved'
      ? { state: result.request.state, tenant: result.request.tenant.name }
      : { refused: result.code };
  log.info({ event: `request-${event}`, request, ...outcome }, 'request event');
}

/** The configuration works and should not stay as it is. */
export function configurationDoubtful(log: Logger, fields: { readonly warning: string }): void {
  log.warn({ event: 'configuration-doubtful', ...fields }, 'configuration is doubtful');
}

/** An error nobody expected: somebody has to look at the program. */
export function defectSeen(log: Logger, err: unknown): void {
  log.error({ event: 'defect', err }, 'unexpected error');
}

/** Somebody called the bot's address with something that is no valid call of the channel. */
export function authRejected(log: Logger, fields: { readonly reason: string; readonly peer: string }): void {
  log.warn({ event: 'auth-rejected', ...fields }, 'call rejected');
}

/** A card or notice could not be shown. */
export function sendFailed(
  log: Logger,
  fields: { readonly conversation: string; readonly code: string; readonly err: unknown },
): void {
  log.warn({ event: 'send-failed', ...fields }, 'message was not sent');
}

/** The operators' own conversation is closed to us: what only they are told reaches nobody until the app is back there. */
export function operatorsUnreachable(log: Logger, fields: { readonly conversation: string }): void {
  log.error({ event: 'operators-unreachable', ...fields }, 'the operators cannot be told anything');
}

/** An administrator came back from Microsoft. */
export function consentSettled(log: Logger, fields: { readonly tenant: string; readonly outcome: string }): void {
  log.info({ event: 'consent-settled', ...fields }, 'consent settled');
}

/** The members of a group were read; the version changes with them. */
export function groupRead(
  log: Logger,
  fields: { readonly group: string; readonly members: number; readonly version: string },
): void {
  log.debug({ event: 'group-read', ...fields }, 'group read');
}

/** Somebody was asked to sign in, and came back or not. */
export function signInSettled(
  log: Logger,
  fields: { readonly purpose: string; readonly subject: string; readonly outcome: string },
): void {
  log.info({ event: 'sign-in-settled', ...fields }, 'sign-in settled');
}

/** Token, address and job named different tenants: a defect or an attack, and somebody must look. */
export function tenantMismatch(
  log: Logger,
  fields: { readonly expected: string; readonly found: string; readonly where: string },
): void {
  log.error({ event: 'tenant-mismatch', ...fields }, 'tenants do not match, nothing was sent');
}

/** One cmdlet was answered. Parameters and answers stay out: they describe how a customer's mail flows. */
export function cmdletCalled(
  log: Logger,
  fields: {
    readonly tenant: string;
    readonly cmdlet: string;
    readonly status: number;
    readonly milliseconds: number;
    readonly clientRequestId: string;
    readonly requestId: string | null;
  },
): void {
  log.debug({ event: 'cmdlet-called', ...fields }, 'cmdlet called');
}

/** A read is tried again after a pause. */
export function cmdletRetried(
  log: Logger,
  fields: { readonly tenant: string; readonly cmdlet: string; readonly code: string; readonly pauseSeconds: number },
): void {
  log.warn({ event: 'cmdlet-retried', ...fields }, 'cmdlet is tried again');
}

/** No checkpoint could be signed. When the trail does not continue its checkpoints, somebody changed it: page a person. */
export function auditUnsigned(log: Logger, err: unknown): void {
  log.error({ event: 'audit-unsigned', err }, 'the audit trail was not signed');
}
