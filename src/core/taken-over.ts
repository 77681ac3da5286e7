import { OpsError } from './errors.ts';

/** Another process has taken this run over, so nothing more may be done for it here. It is no failure of the run. */
export class TakenOverError extends OpsError {
  override readonly name = 'TakenOverError';
  readonly code = 'taken-over';
}

/**
 * Gives what `work` gives. Once the run was taken over it never settles: the run must not take that for a failure and
 * undo what the other process does. `work` itself has ended by then, so that it holds nothing others wait for.
 */
export async function unlessTakenOver<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TakenOverError) return new Promise(() => undefined);
    throw error;
  }
}
