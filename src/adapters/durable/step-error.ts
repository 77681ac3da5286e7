import { describeError, OpsError } from '../../core/errors.ts';

/** What is stored of an error that a step's work threw. */
export interface StoredFailure {
  readonly [key: string]: string;
  readonly code: string;
  readonly message: string;
  readonly operation: string;
  readonly next: string;
}

/** A step's work threw. It is the same error after a crash as before it, so a run takes the same way again. */
export class StepError extends OpsError {
  override readonly name = 'StepError';
  readonly code: string;

  constructor(failure: StoredFailure) {
    super(failure.message, failure);
    this.code = failure.code;
  }
}

export function storedFailure(error: unknown, step: string): StoredFailure {
  const operation = error instanceof OpsError ? error.operation : step;
  return { ...describeError(error), operation };
}
