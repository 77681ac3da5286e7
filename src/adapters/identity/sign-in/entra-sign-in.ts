import { z } from 'zod/v4';
import type { SignedIn } from '../../../ports/sign-in.ts';
import { createIdTokenCheck } from './id-token.ts';
import { failureOf, SignInFailure } from './sign-in-failure.ts';
import { challengeOf } from './sign-in-secrets.ts';

export interface EntraSignInOptions {
  /** Base URL of Entra, for this program. */
  readonly authority: string;
  /** The same for browsers, in front of the tenant id. */
  readonly browserUrl: string;
  /** The registration that people sign in to; it has no other rights. */
  readonly appId: string;
  readonly secret: string;
}

/** One attempt, as it leaves for Entra and comes back. */
export interface Attempt {
  readonly tenantId: string;
  readonly redirect: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Id of a Conditional Access authentication context, such as `c1`; null asks for a fresh sign-in only. */
  readonly context: string | null;
}

const TokenAnswer = z.object({ id_token: z.string().min(1) });
const Refusal = z.object({ error: z.string(), error_description: z.string().catch('') });
const TIMEOUT_MS = 10_000;

/** The authorization code flow of Entra with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 3.1). */
export function createEntraSignIn(options: EntraSignInOptions) {
  const { authority, browserUrl, appId, secret } = options;
  const check = createIdTokenCheck({ authority, appId });
  return {
    /** Where to send the browser. `prompt` and `max_age` both ask for a fresh proof; what counts is `auth_time`. */
    address: ({ tenantId, redirect, state, nonce, verifier, context }: Attempt): URL => {
      const url = new URL(`${browserUrl}/${tenantId}/oauth2/v2.0/authorize`);
      const claims = { id_token: { acrs: { essential: true, value: context } } };
      const parameters = {
        client_id: appId,
        response_type: 'code',
        redirect_uri: redirect,
        response_mode: 'query',
        scope: 'openid profile',
        state,
        nonce,
        code_challenge: challengeOf(verifier),
        code_challenge_method: 'S256',
        prompt: 'login',
        max_age: '0',
        ...(context === null ? {} : { claims: JSON.stringify(claims) }),
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url;
    },
    /** Exchanges what the browser brought back for who it is. Errors: `SignInFailure`. */
    redeem: async (code: string, { tenantId, redirect, nonce, verifier }: Attempt): Promise<SignedIn> => {
      const form = new URLSearchParams({
        client_id: appId,
        client_secret: secret,
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirect,
        code_verifier: verifier,
        scope: 'openid profile',
      });
      const answer = await post(`${authority}/${tenantId}/oauth2/v2.0/token`, form);
      const { data } = TokenAnswer.safeParse(answer);
      if (data) return check(data.id_token, { tenantId, nonce });
      const refusal = Refusal.safeParse(answer).data;
      throw refusal ? failureOf(refusal.error, refusal.error_description) : away();
    },
  };
}

async function post(url: string, form: URLSearchParams): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: form,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return await response.json();
  } catch {
    throw away();
  }
}

function away(): SignInFailure {
  return new SignInFailure('entra-unavailable', 'Microsoft Entra did not answer.', 'Try again in a minute.');
}
