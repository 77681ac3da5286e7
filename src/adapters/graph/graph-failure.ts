import { GraphError } from '@microsoft/microsoft-graph-client';
import {
  OpsError,
  RejectedError,
  TenantAccessError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../core/errors.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';

/** Graph says that there is no such thing. */
export class GraphNotFoundError extends RejectedError {}

/** Graph says that there is such a thing already. */
export class GraphConflictError extends RejectedError {}

export interface GraphAttempt {
  readonly operation: string;
  readonly effect: 'read' | 'write';
  /** What the call needs, for messages. */
  readonly permission: string;
  /** Whether our token carries that permission. */
  readonly hasPermission: boolean;
  /** What an administrator has to see to where the permission alone does not open the way. */
  readonly alsoNeeds?: string;
}

/** What Graph answered, noted on its way in: the library's errors do not keep it where the body is not as expected. */
export interface GraphReply {
  readonly status: number;
  readonly retryAfter: string | null;
}

/** What went wrong with a call, in our words. The reply is null when there was none. */
export function graphFailure(error: unknown, reply: GraphReply | null, attempt: GraphAttempt): OpsError {
  if (error instanceof OpsError) return error;
  const { operation } = attempt;
  const status = reply?.status ?? 0;
  const said = error instanceof GraphError ? saidBy(error) : '';
  if (status === 401) {
    return new TenantAccessError('Microsoft Graph does not accept our token (401).', {
      operation,
      next: 'An operator checks GRAPH_SCOPE and the worker registration.',
      reason: 'credential',
      cause: error,
    });
  }
  if (status === 403 && attempt.hasPermission) {
    return new TenantAccessError(
      `Microsoft Graph refuses (403), although our token has the permission ${attempt.permission}.`,
      {
        operation,
        next: attempt.alsoNeeds ?? 'An administrator of that tenant looks for what else restricts the app there.',
        reason: 'app-role',
        cause: error,
      },
    );
  }
  if (status === 403) {
    return new TenantAccessError(`The permission ${attempt.permission} of Microsoft Graph is missing (403).`, {
      operation,
      next: 'An administrator of that tenant must grant consent again.',
      reason: 'app-role',
      cause: error,
    });
  }
  if (status === 404) {
    return new GraphNotFoundError(`Microsoft Graph does not find it: ${said}`, { operation, next: 'Check the name.' });
  }
  if (status === 409) {
    return new GraphConflictError(`Microsoft Graph has it already: ${said}`, { operation, next: 'Nothing to do.' });
  }
  if (status === 429) {
    return new ThrottledError('Microsoft Graph asks us to slow down; nothing was done.', {
      operation,
      next: 'Switchyard tries again by itself.',
      retryAfterSeconds: retryAfterSeconds(reply?.retryAfter),
      cause: error,
    });
  }
  return status >= 400 && status < 500 && status !== 408 ? refusal(said, operation) : outage(error, status, attempt);
}

function refusal(said: string, operation: string): RejectedError {
  return new RejectedError(`Microsoft Graph refuses: ${said}`, {
    operation,
    next: 'Correct the values; trying the same again will not help.',
  });
}

function outage(error: unknown, status: number, { operation, effect }: GraphAttempt): OpsError {
  const answered = status < 300 ? 'gave an answer we do not understand' : `is out of order (${status})`;
  const what = `Microsoft Graph ${status === 0 ? 'did not answer' : answered}`;
  if (effect === 'write') {
    return new UnknownOutcomeError(`${what}, so it is not known whether the change took effect.`, {
      operation,
      next: 'Switchyard reads it back before it does anything else.',
      cause: error,
    });
  }
  return new UnavailableError(`${what}.`, {
    operation,
    next: 'Try again in some minutes. If it stays so, an operator checks the network and GRAPH_BASE_URL.',
    cause: error,
  });
}

function saidBy({ message, code, statusCode }: GraphError): string {
  const line = message
    .slice(0, 2000)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.slice(0, 300) || code || `status ${statusCode}`;
}
