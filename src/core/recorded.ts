import { describeError, OpsError, ReadBackError } from './errors.ts';
import type { Json } from './json.ts';
import { StoreUnavailableError } from './store.ts';

/** An error as the durable engine stores it. */
export interface RecordedError {
  readonly [key: string]: string;
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** The result of work, or the error it ended with, as data that survives a crash. */
export type Recorded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: RecordedError };

/** A failure that ends a run and makes it take back what it did. Carries the stored error. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly error: RecordedError;

  constructor(error: RecordedError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * Turns expected errors into data; a defect is turned into `internal` after `onDefect` has seen it.
 * `StoreUnavailableError` is thrown on: what cannot be stored is no outcome, and the engine waits for the store.
 */
export async function recorded<Value extends Json | object>(
  work: () => Promise<Value>,
  onDefect: (error: unknown) => void = () => undefined,
): Promise<Recorded<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    if (!(error instanceof OpsError)) onDefect(error);
    const seen = error instanceof ReadBackError ? { seen: error.seen } : {};
    return { ok: false, error: { ...describeError(error), ...seen } };
  }
}

/** The value, or a `RunError` that carries the stored error. */
export function unwrap<Value>(result: Recorded<Value>): Value {
  if (result.ok) return result.value;
  throw new RunError(result.error);
}
