import {
  type OpsError,
  RejectedError,
  TenantAccessError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../core/errors.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';
import { type ErrorReport, parseFailure, parseJson, plainText } from './answer.ts';
import { refusalAdvice } from './refusal-advice.ts';
import type { Reply } from './transport.ts';

/** Exchange says that there is no such object. */
export class ObjectNotFoundError extends RejectedError {}

/** What a call leaves behind: nothing, a change, or mails that nobody can call back. */
export type CallEffect = 'read' | 'write' | 'mail';

/** What was being done when Exchange said no. */
export interface Attempt {
  /** For messages, e.g. `New-InboundConnector in contoso`. */
  readonly operation: string;
  readonly service: 'exchange' | 'compliance';
  readonly effect: CallEffect;
  /** Whether the token carried the application permission. */
  readonly hasAppRole: boolean;
}

const APP_ROLE = 'Exchange.ManageAsApp';
/** Exchange Administrator is for Exchange alone. */
const roles = {
  exchange: 'the Exchange Administrator role, or a role group that contains this cmdlet',
  compliance: 'the Compliance Administrator or Security Administrator role, for alert policies',
};
const notFoundType = /ManagementObjectNotFoundException$/u;
const notInRole = /is not present in the role definition of the current user/iu;
const tooMany = /maximum number of concurrent/iu;
const notYet = /unable to initialize the authorization context|provide valid credential/iu;
const laterStatus = [408, 500, 502, 503, 504];

export function hasAppRole(roles: readonly string[]): boolean {
  return roles.includes(APP_ROLE);
}

/** The error that an answer without success stands for. */
export function failureOf(reply: Reply, attempt: Attempt): OpsError {
  const report = parseFailure(parseJson(reply.text));
  const { operation } = attempt;
  // What stands in front of Exchange answers without a report.
  const words = report.isReport ? report.message : plainText(reply.text);
  if (reply.status === 401) return unauthorised(attempt);
  if (reply.status === 403 || notInRole.test(words)) return forbidden(reply, report, attempt);
  if (reply.status === 429 || tooMany.test(words)) {
    return new ThrottledError('Exchange Online asks us to slow down; nothing was done.', {
      operation,
      next: 'Switchyard tries again by itself.',
      retryAfterSeconds: retryAfterSeconds(reply.headers.get('retry-after')),
    });
  }
  // Not by the status: what stands in front of Exchange answers 404 too, for instance to a tenant it does not know.
  if (notFoundType.test(report.type)) {
    return new ObjectNotFoundError(`Exchange Online does not find the object: ${said(reply, report)}`, {
      operation,
      next: 'Check whether somebody removed or renamed it.',
    });
  }
  if (notYet.test(words)) {
    return new UnavailableError(`Exchange Online does not know the new permission yet: ${words}`, {
      operation,
      next: 'Try again later: a role needs minutes to hours to arrive.',
    });
  }
  if (laterStatus.includes(reply.status) && !report.isOurs) return outOfOrder(reply, report, attempt);
  if (!report.isReport) return notUnderstood(reply, attempt);
  return new RejectedError(`Exchange Online refuses: ${said(reply, report)}`, {
    operation,
    next: refusalAdvice(report),
  });
}

function said(reply: Reply, report: ErrorReport): string {
  return report.message === '' ? `status ${reply.status}` : report.message;
}

function unauthorised({ operation, hasAppRole: isGranted }: Attempt): TenantAccessError {
  return isGranted
    ? new TenantAccessError('Exchange Online does not accept our token (401).', {
        operation,
        next: 'An operator checks EXCHANGE_SCOPE and the worker registration.',
        reason: 'credential',
      })
    : new TenantAccessError(`The application permission ${APP_ROLE} is missing in this tenant (401).`, {
        operation,
        next: 'An administrator of that tenant must grant consent again.',
        reason: 'app-role',
      });
}

/** Its body is zero bytes that claim to be compressed, so the reason is in a header. */
function forbidden(reply: Reply, report: ErrorReport, { operation, service }: Attempt): TenantAccessError {
  const diagnostics = plainText(reply.headers.get('x-ms-diagnostics') ?? '') || report.message;
  const why = diagnostics === '' ? '' : ` Exchange says: ${diagnostics}`;
  return new TenantAccessError(`Switchyard may sign in to this tenant but not run this cmdlet (403).${why}`, {
    operation,
    next: `An administrator of that tenant must give the app ${roles[service]}. Microsoft takes minutes to hours until it acts: if it was given already, wait and look again.`,
    reason: 'directory-role',
  });
}

function outOfOrder(reply: Reply, report: ErrorReport, attempt: Attempt): OpsError {
  const { operation } = attempt;
  if (attempt.effect === 'read') {
    return new UnavailableError(`Exchange Online is out of order: ${said(reply, report)}`, {
      operation,
      next: 'Try again in some minutes.',
    });
  }
  return unknownOutcome(attempt, `Exchange Online answered ${said(reply, report)}`);
}

function notUnderstood(reply: Reply, attempt: Attempt): OpsError {
  const message = `Exchange Online gave an answer we do not understand (status ${reply.status})`;
  if (attempt.effect !== 'read') return unknownOutcome(attempt, message);
  return new UnavailableError(`${message}.`, {
    operation: attempt.operation,
    next: 'Try again; if it stays so, an operator checks what stands between here and Exchange Online.',
  });
}

/** Something that was sent, and nobody knows what became of it. */
export function unknownOutcome(
  { operation, effect }: Pick<Attempt, 'operation' | 'effect'>,
  what: string,
  cause?: unknown,
): UnknownOutcomeError {
  if (effect === 'mail') {
    return new UnknownOutcomeError(`${what}, so it is not known whether test mails went out.`, {
      operation,
      next: 'Look into the mailboxes of the recipients before it is asked again.',
      cause,
    });
  }
  return new UnknownOutcomeError(`${what}, so it is not known whether the change took effect.`, {
    operation,
    next: 'Switchyard reads the object back before it does anything else.',
    cause,
  });
}
