/** What an error knows beside its message. */
export interface OpsErrorDetail {
  /** What was being done, e.g. `New-InboundConnector in contoso`. Never contains a secret. */
  readonly operation: string;
  /** The next thing to do and who can do it, as a sentence for people. */
  readonly next: string;
  readonly cause?: unknown;
}

/** The root of all errors that are expected to happen: stable code, operation, cause, next thing to do. */
export abstract class OpsError extends Error {
  abstract readonly code: string;
  readonly operation: string;
  readonly next: string;

  constructor(message: string, detail: OpsErrorDetail) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.operation = detail.operation;
    this.next = detail.next;
  }
}

/** A rule of ours says no: nothing was attempted. */
export class RefusedError extends OpsError {
  override readonly name = 'RefusedError';
  readonly code = 'refused';
}

/** What a person typed or filled in cannot be used. */
export class InvalidInputError extends OpsError {
  override readonly name = 'InvalidInputError';
  readonly code = 'invalid-input';
}

/** The tenant does not let us in: consent, app permission or directory role is missing or was withdrawn. */
export class TenantAccessError extends OpsError {
  override readonly name = 'TenantAccessError';
  readonly code = 'tenant-access';
  readonly reason: 'consent' | 'app-role' | 'directory-role' | 'credential';

  constructor(message: string, detail: OpsErrorDetail & { readonly reason: TenantAccessError['reason'] }) {
    super(message, detail);
    this.reason = detail.reason;
  }
}

/** A token, URL and job that belong together named different tenants. Always a defect or an attack; nothing was sent. */
export class TenantMismatchError extends OpsError {
  override readonly name = 'TenantMismatchError';
  readonly code = 'tenant-mismatch';
}

/** The service understood the request and refused its values. Trying again will not help. */
export class RejectedError extends OpsError {
  override readonly name = 'RejectedError';
  readonly code = 'rejected';
}

/** The service asks to be left alone for a while. Nothing was done. */
export class ThrottledError extends OpsError {
  override readonly name = 'ThrottledError';
  readonly code = 'throttled';
  /** Seconds to wait, as the service asked, or null when it did not say. */
  readonly retryAfterSeconds: number | null;

  constructor(message: string, detail: OpsErrorDetail & { readonly retryAfterSeconds: number | null }) {
    super(message, detail);
    this.retryAfterSeconds = detail.retryAfterSeconds;
  }
}

/** The service cannot be reached or is out of order, and nothing was done. Trying again later may help. */
export class UnavailableError extends OpsError {
  override readonly name = 'UnavailableError';
  readonly code = 'unavailable';
}

/** A write was sent and no answer tells whether it took effect. Read back before doing anything else. */
export class UnknownOutcomeError extends OpsError {
  override readonly name = 'UnknownOutcomeError';
  readonly code = 'unknown-outcome';
}

/** The tenant no longer is as the approved plan assumed. Nothing was written. */
export class DriftError extends OpsError {
  override readonly name = 'DriftError';
  readonly code = 'drift';
}

/** A write was accepted but the object does not read back as planned. */
export class ReadBackError extends OpsError {
  override readonly name = 'ReadBackError';
  readonly code = 'read-back';
  /** Digest of the object as it was last seen: an object that still is so was written by nobody else since. */
  readonly seen: string;

  constructor(message: string, detail: OpsErrorDetail & { readonly seen: string }) {
    super(message, detail);
    this.seen = detail.seen;
  }
}

/** An operator asked the run to stop and roll back. */
export class StoppedError extends OpsError {
  override readonly name = 'StoppedError';
  readonly code = 'stopped';
}

/** An error in one line with its next step, for people. Unknown errors show no internals. */
export function describeError(error: unknown): { code: string; message: string; next: string } {
  if (error instanceof OpsError) return { code: error.code, message: error.message, next: error.next };
  return {
    code: 'internal',
    message: 'Something inside Switchyard went wrong.',
    next: 'An operator finds the details in the log; nothing more is done until then.',
  };
}
