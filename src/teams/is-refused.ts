import { OpsError } from '../core/errors.ts';

/** Whether Teams said that it will never take this: the conversation or the message is gone. */
export function isRefused(error: unknown): boolean {
  return error instanceof OpsError && error.code === 'refused';
}
