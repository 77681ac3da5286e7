import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod/v4';
import type { SignedIn } from '../../../ports/sign-in.ts';
import { SignInFailure } from './sign-in-failure.ts';

export interface IdTokenOptions {
  /** Base URL of Entra. */
  readonly authority: string;
  readonly appId: string;
}

const Claims = z.object({
  tid: z.guid().toLowerCase(),
  oid: z.guid().toLowerCase(),
  name: z.string().max(300).catch(''),
  nonce: z.string(),
  ver: z.literal('2.0'),
  auth_time: z.int().positive().optional(),
  acrs: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .catch([])
    .default([]),
});

const KEYS_WITHIN_MS = 5000;
const SKEW_SECONDS = 60;
const operator = 'An operator looks at the sign-in registration; nothing was decided.';

/** Checks ID tokens against the keys of the tenant that issued them. The keys are kept and refreshed by the library. */
export function createIdTokenCheck({ authority, appId }: IdTokenOptions) {
  const keys = new Map<string, ReturnType<typeof createRemoteJWKSet>>();
  const keysOf = (tenantId: string): ReturnType<typeof createRemoteJWKSet> => {
    const url = new URL(`${authority}/${tenantId}/discovery/v2.0/keys`);
    const known = keys.get(tenantId) ?? createRemoteJWKSet(url, { timeoutDuration: KEYS_WITHIN_MS });
    keys.set(tenantId, known);
    return known;
  };

  /** Signature, issuer, audience, time, nonce and tenant are right, or a failure says which is not. */
  return async (token: string, expected: { readonly tenantId: string; readonly nonce: string }): Promise<SignedIn> => {
    const { tenantId, nonce } = expected;
    const { payload } = await jwtVerify(token, keysOf(tenantId), {
      issuer: `${authority}/${tenantId}/v2.0`,
      audience: appId,
      algorithms: ['RS256'],
      clockTolerance: SKEW_SECONDS,
      requiredClaims: ['exp', 'iat', 'nonce', 'tid', 'oid'],
    }).catch((error: unknown) => {
      throw untrusted(error);
    });
    const claims = Claims.safeParse(payload).data;
    if (!claims || claims.tid !== tenantId) throw notOurs('token-tenant');
    if (claims.nonce !== nonce) throw notOurs('token-nonce');
    if (claims.auth_time === undefined) {
      throw new SignInFailure(
        'no-auth-time',
        'Microsoft does not say when you signed in.',
        'An operator adds the optional claim auth_time to the ID token of the sign-in registration.',
      );
    }
    const at = new Date(claims.auth_time * 1000).toISOString();
    return { tenantId: claims.tid, objectId: claims.oid, name: claims.name, at, contexts: claims.acrs };
  };
}

function untrusted(error: unknown): SignInFailure {
  const isAway = error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError);
  if (isAway) {
    return new SignInFailure(
      'keys-unavailable',
      'The keys of Microsoft Entra cannot be read.',
      'Try again in a minute.',
    );
  }
  const code = error instanceof errors.JOSEError ? error.code : 'token';
  return new SignInFailure(`token-${code}`, 'The answer of Microsoft cannot be trusted.', operator);
}

function notOurs(code: string): SignInFailure {
  return new SignInFailure(code, 'The answer of Microsoft belongs to another sign-in.', operator);
}
