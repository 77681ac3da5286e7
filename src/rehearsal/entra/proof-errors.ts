import { EntraError } from './entra-error.ts';

/** The refusals of a proof: all say that the client, not the tenant, is at fault. */
function refused(number: number, message: string): EntraError {
  return new EntraError(401, 'invalid_client', number, message);
}

export function noProof(): EntraError {
  return refused(
    7_000_218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  );
}

export function noAssertionType(): EntraError {
  const message = "The request body must contain the following parameter: 'client_assertion_type'.";
  return new EntraError(400, 'invalid_request', 900_144, message);
}

export function malformedAssertion(): EntraError {
  return new EntraError(400, 'invalid_request', 50_027, 'JWT token is invalid or malformed.');
}

/** The assertion speaks for another application. */
export function foreignAssertion(): EntraError {
  return refused(700_021, "Client assertion application identifier doesn't match 'client_id' parameter.");
}

export function wrongAudience(): EntraError {
  return refused(700_023, 'Client assertion audience claim does not match Realm issuer.');
}

export function outOfTime(): EntraError {
  return refused(700_024, 'Client assertion is not within its valid time range.');
}

export function unknownCertificate(thumbprint: string, appId: string): EntraError {
  return refused(
    700_027,
    `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${thumbprint}', application '${appId}'.]`,
  );
}

export function expiredCertificate(thumbprint: string): EntraError {
  return refused(
    700_027,
    `Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used by client: '${thumbprint}'.]`,
  );
}

export function badSignature(): EntraError {
  return refused(700_027, 'Client assertion failed signature validation.');
}

/** What of a federated assertion is not on the registration. */
export function noFederation(part: 'issuer' | 'audience' | 'subject', presented: string): EntraError {
  const number = { issuer: 700_211, audience: 700_212, subject: 700_213 }[part];
  return refused(
    number,
    `No matching federated identity record found for presented assertion ${part} '${presented}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
  );
}

export function badFederatedSignature(): EntraError {
  return refused(50_013, 'Assertion failed signature validation.');
}
