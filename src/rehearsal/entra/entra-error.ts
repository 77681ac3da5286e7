import { json, type RehearsalResponse } from '../http.ts';
import { entraCode } from './entra-codes.ts';

/** A refusal of the token endpoint, with Entra's number for it. */
export class EntraError extends Error {
  override readonly name = 'EntraError';
  readonly status: number;
  readonly error: string;
  readonly number: number;

  constructor(status: number, error: string, number: number, message: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.number = number;
  }

  /** The answer in Entra's shape, trace ids and all. */
  response(): RehearsalResponse {
    const trace = crypto.randomUUID();
    const correlation = crypto.randomUUID();
    const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
    return json(this.status, {
      error: this.error,
      error_description:
        `AADSTS${this.number}: ${this.message} ` +
        `Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [this.number],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${this.number}`,
    });
  }
}

export function unknownTenant(tenant: string): EntraError {
  return new EntraError(
    400,
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  );
}

/** Also what a tenant answers that never consented, or has removed the app. */
export function unknownApplication(appId: string, tenant: string): EntraError {
  return new EntraError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${appId}' was not found in the directory '${tenant}'. ` +
      'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
  );
}

/** The app is known in the tenant, and switched off there. */
export function disabledApplication(appId: string): EntraError {
  return new EntraError(400, 'unauthorized_client', 7_000_112, `Application '${appId}' is disabled.`);
}

export function wrongSecret(appId: string): EntraError {
  return new EntraError(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
  );
}

export function wrongScope(scope: string): EntraError {
  return new EntraError(
    400,
    'invalid_scope',
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  );
}

export function unknownResource(resource: string, tenant: string): EntraError {
  return new EntraError(
    400,
    'invalid_resource',
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenant}.`,
  );
}

/** The refusal that a tenant's switch asks for. */
export function orderedError(code: string): EntraError {
  const { error, description } = entraCode(code);
  const isClientFault = /^AADSTS7000(?:2[347]|215|222)$|^AADSTS700213$/u.test(code);
  return new EntraError(isClientFault ? 401 : 400, error, Number(code.slice('AADSTS'.length)), description);
}

export function wrongGrant(): EntraError {
  return new EntraError(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
}
