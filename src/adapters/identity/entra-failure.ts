import { type OpsError, TenantAccessError, ThrottledError, UnavailableError } from '../../core/errors.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';

/** What the token endpoint answered last, as far as the library let it be seen. */
export interface EntraReply {
  readonly status: number;
  readonly retryAfter: string | null;
}

/** Nobody consented, or Entra does not show yet that somebody did, which takes it some minutes. */
export class NoConsentError extends TenantAccessError {}

/** Entra does not accept our certificate, or not yet: for some minutes after it was exchanged that is as it must be. */
export class NoCertificateError extends TenantAccessError {}

interface Explanation {
  readonly reason: 'consent' | 'credential';
  readonly what: string;
  readonly next: string;
}

const askForConsent = 'An administrator of that tenant must grant consent to Switchyard, then ask again.';
const askOperator = 'An operator must renew the credential of the worker registration; nothing can be done until then.';

function consent(what: string, next: string = askForConsent): Explanation {
  return { reason: 'consent', what, next };
}

function credential(what: string): Explanation {
  return { reason: 'credential', what, next: askOperator };
}

const unfamiliar: Explanation = {
  reason: 'credential',
  what: 'Microsoft Entra gives no token, for a reason that Switchyard does not know',
  next: 'An operator looks the number up at login.microsoftonline.com/error, which says whose turn it is.',
};

/** What is said of a certificate, also of one that was just exchanged. */
const certificate = 700027;

/** Entra's numbers. Its texts change and are never compared. */
const explanations = new Map<number, Explanation>([
  [65001, consent('nobody has consented to Switchyard there')],
  [65004, consent('the administrator declined to consent')],
  [700016, consent('Switchyard is not known there: consent is missing, or the app was removed')],
  [7000229, consent('Switchyard has no service principal there: consent is missing, or the app was removed')],
  [90093, consent('consent was given by somebody who is no administrator')],
  [90094, consent('consent was given by somebody who is no administrator')],
  [500011, consent('Exchange Online is not there', 'An administrator of that tenant must license Exchange Online.')],
  [650052, consent('there is no licence for Exchange Online', 'An administrator of that tenant must add the licence.')],
  [650056, consent('the registration asks for no permission that fits', 'An operator must correct the registration.')],
  [90002, consent('there is no such tenant', 'An operator must correct the tenant id in TENANTS.')],
  [53003, consent('a conditional access policy blocks Switchyard', 'An administrator of that tenant must exempt it.')],
  [7000112, consent('Switchyard is disabled there', 'An administrator of that tenant must enable the app.')],
  [7000215, credential('the client secret is wrong')],
  [7000222, credential('the client secret has expired')],
  [certificate, credential('the certificate is not accepted (normal for some minutes after it was exchanged)')],
  [7000218, credential('no proof was sent')],
  [700021, credential('the signed assertion is of another application: WORKER_APP_ID and the proof do not fit')],
  [700023, credential('the signed assertion is for another tenant or cloud: check MICROSOFT_CLOUD')],
  ...[50013, 70021, 700211, 700212, 700213].map((number): [number, Explanation] => [
    number,
    credential('the federated credential of the registration does not fit the managed identity'),
  ]),
  [700024, credential('the signed assertion is not valid now: check the clock of this machine')],
]);

/** Numbers that consent, once it is seen, is enough to be rid of. */
const withoutConsent = [65001, 700016, 7000229];

/** Numbers that say "not now". */
const passing = [50196, 90033, 90055, 650051, 1002016];

/** What failing to get a token means for the tenant. */
export function entraFailure(tenantId: string, error: unknown, reply: EntraReply | null): OpsError {
  const operation = `get a token for tenant ${tenantId}`;
  const number = Number(/AADSTS(\d{4,8})/u.exec(error instanceof Error ? error.message : '')?.[1] ?? 0);
  if (reply?.status === 429) {
    return new ThrottledError('Microsoft Entra asks us to slow down.', {
      operation,
      next: 'Switchyard tries again by itself.',
      retryAfterSeconds: retryAfterSeconds(reply.retryAfter),
      cause: error,
    });
  }
  const status = reply?.status ?? 0;
  // Whatever number comes with it: what is out of order says nothing about the tenant.
  const isOutOfOrder = status === 408 || status >= 500;
  if (isOutOfOrder || number === 0 || passing.includes(number)) {
    const seen = number === 0 ? `status ${status}` : `AADSTS${number}`;
    const why = isOutOfOrder || number !== 0 ? `cannot answer now (${seen})` : 'did not answer as it should';
    return new UnavailableError(`Microsoft Entra ${why}; nothing was changed.`, {
      operation,
      next: 'Try again in some minutes. If it stays so, an operator checks the network and ENTRA_AUTHORITY.',
      cause: error,
    });
  }
  const { reason, what, next } = explanations.get(number) ?? unfamiliar;
  const Kind = kindOf(number);
  return new Kind(`No access to tenant ${tenantId}: ${what} (AADSTS${number}).`, {
    operation,
    next,
    reason,
    cause: error,
  });
}

function kindOf(number: number): typeof TenantAccessError {
  if (number === certificate) return NoCertificateError;
  return withoutConsent.includes(number) ? NoConsentError : TenantAccessError;
}
