interface EntraCode {
  /** The OAuth error that the code comes with. */
  readonly error: string;
  readonly subcode?: string;
  readonly description: string;
}

/** What Entra says with each of its numbers. */
const CODES: Readonly<Record<string, EntraCode>> = {
  AADSTS65004: {
    error: 'access_denied',
    subcode: 'cancel',
    description: 'User declined to consent to access the app.',
  },
  // The same refusal under its other name.
  'AADSTS65004 consent_required': {
    error: 'consent_required',
    description: 'User declined to consent to access the app.',
  },
  AADSTS65001: {
    error: 'consent_required',
    description: 'The user or administrator has not consented to use the application.',
  },
  AADSTS90093: {
    error: 'access_denied',
    description: 'This operation can only be performed by an administrator.',
  },
  AADSTS90094: { error: 'access_denied', description: 'An administrator of the organization must grant permission.' },
  AADSTS700016: {
    error: 'unauthorized_client',
    description: 'Application with the identifier was not found in the directory.',
  },
  AADSTS500011: { error: 'invalid_resource', description: 'The resource principal was not found in the tenant.' },
  AADSTS650051: {
    error: 'invalid_client',
    description:
      'Using application is currently not supported: its service principal is being created or exists already.',
  },
  AADSTS650052: {
    error: 'invalid_client',
    description: 'The app needs access to a service that the organization has not subscribed to or enabled.',
  },
  AADSTS650056: {
    error: 'invalid_request',
    description: 'Misconfigured application: the client has not listed the resource in its required permissions.',
  },
  AADSTS50020: {
    error: 'access_denied',
    description: 'The user account is a guest from another identity provider and does not exist in the tenant.',
  },
  AADSTS50034: { error: 'access_denied', description: 'The user account does not exist in the tenant.' },
  AADSTS50057: { error: 'access_denied', description: 'The user account is disabled.' },
  AADSTS50076: { error: 'interaction_required', description: 'Multi-factor authentication is required.' },
  AADSTS50079: {
    error: 'interaction_required',
    description: 'The user is required to enroll in multi-factor authentication.',
  },
  AADSTS53003: { error: 'access_denied', description: 'Access has been blocked by Conditional Access policies.' },
  AADSTS7000229: {
    error: 'unauthorized_client',
    description: 'The client application is missing a service principal in the tenant.',
  },
  AADSTS700027: {
    error: 'invalid_client',
    description: 'The certificate with which the client assertion is signed is not registered on the application.',
  },
  AADSTS700023: {
    error: 'invalid_client',
    description: 'Client assertion audience claim does not match Realm issuer.',
  },
  AADSTS700024: { error: 'invalid_client', description: 'Client assertion is not within its valid time range.' },
  AADSTS700213: {
    error: 'invalid_client',
    description: 'No matching federated identity record found for the presented assertion.',
  },
  AADSTS7000222: { error: 'invalid_client', description: 'The provided client secret keys are expired.' },
  AADSTS7000112: { error: 'unauthorized_client', description: 'The application is disabled.' },
  AADSTS90033: { error: 'temporarily_unavailable', description: 'A transient error has occurred. Please try again.' },
  AADSTS7000215: { error: 'invalid_client', description: 'Invalid client secret provided.' },
  AADSTS90002: { error: 'invalid_request', description: 'Tenant not found.' },
};

export function entraCode(code: string): EntraCode {
  return CODES[code] ?? { error: 'server_error', description: 'The request could not be processed.' };
}
