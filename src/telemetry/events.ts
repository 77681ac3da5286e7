import type { Logger } from './log.ts';

/** Which request an event is about. */
interface RequestFields {
  readonly request: string;
  readonly tenant: string;
}

export function requestPlanned(
  log: Logger,
  fields: RequestFields & { readonly workflow: string; readonly digest: string; readonly changes: number },
): void {
  log.info({ event: 'request-planned', ...fields }, 'request planned');
}

export function requestDecided(
  log: Logger,
  fields: RequestFields & { readonly by: string; readonly verdict: string; readonly outcome: 'accepted' | 'refused' },
): void {
  log.info({ event: 'request-decided', ...fields }, 'request decided');
}

export function runStarted(log: Logger, fields: RequestFields & { readonly workflow: string }): void {
  log.info({ event: 'run-started', ...fields }, 'run started');
}

export function stepFinished(
  log: Logger,
  fields: RequestFields & { readonly step: string; readonly outcome: string; readonly milliseconds: number },
): void {
  log.info({ event: 'step-finished', ...fields }, 'step finished');
}

export function runFinished(
  log: Logger,
  fields: RequestFields & { readonly state: string; readonly code: string | null },
): void {
  log.info({ event: 'run-finished', ...fields }, 'run finished');
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
