import { OpsError } from '../../core/errors.ts';

/** The database cannot be started, reached or used. The bot does not run without it. */
export class DatabaseError extends OpsError {
  override readonly name = 'DatabaseError';
  readonly code = 'database';
}
