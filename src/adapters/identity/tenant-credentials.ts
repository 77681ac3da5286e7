import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  type TokenCredential,
} from '@azure/identity';
import { OpsError, TenantMismatchError } from '../../core/errors.ts';
import { orAborted } from '../../core/shared-read.ts';
import { tenantMismatch } from '../../telemetry/events.ts';
import type { Logger } from '../../telemetry/log.ts';
import { tokenClaims } from '../http/token-claims.ts';
import { type EntraReply, entraFailure } from './entra-failure.ts';
import { managedIdentityAssertion } from './managed-identity-assertion.ts';
import type { WorkerProof } from './worker-proof.ts';

export interface TenantCredentialsOptions {
  readonly authority: string;
  readonly appId: string;
  readonly proof: WorkerProof;
  readonly log: Logger;
  /** Milliseconds of real time to wait for a token. */
  readonly timeout?: number;
}

/** Tokens of the worker registration, one tenant at a time. */
export interface TenantCredentials {
  /** A token that is good for exactly this tenant. Several callers at once cause one request. */
  token(tenantId: string, scope: string, signal?: AbortSignal): Promise<string>;
  /** Forgets what is kept for a tenant: granted permissions only appear in new tokens. */
  forget(tenantId: string): void;
}

interface Kept {
  credential: TokenCredential;
  /** Makes the credential anew. */
  readonly renew: () => void;
  readonly tokens: Map<string, { readonly token: Promise<string>; goodUntil: number }>;
  reply: EntraReply | null;
}

const PUBLIC_AUTHORITY = 'https://login.microsoftonline.com';
/** Tokens expire in real time, also in rehearsal. */
const RENEW_BEFORE = 5 * 60_000;
const TIMEOUT = 30_000;

/** One credential object per tenant, so that no cache can hand one tenant's token to another's job. */
export function createTenantCredentials(options: TenantCredentialsOptions): TenantCredentials {
  const tenants = new Map<string, Kept>();
  const { proof } = options;
  const assertion = proof.kind === 'managed-identity' ? managedIdentityAssertion(proof.clientId, proof.audience) : null;

  const keep = (tenantId: string): Kept => {
    const known = tenants.get(tenantId);
    if (known) return known;
    const noted = (reply: EntraReply): void => {
      made.reply = reply;
    };
    const credential = () => credentialFor(tenantId, options, assertion, noted);
    const made: Kept = {
      credential: credential(),
      renew: () => {
        made.credential = credential();
      },
      tokens: new Map(),
      reply: null,
    };
    tenants.set(tenantId, made);
    return made;
  };

  const fetchToken = async (tenantId: string, scope: string, kept: Kept): Promise<string> => {
    kept.reply = null;
    const signal = AbortSignal.timeout(options.timeout ?? TIMEOUT);
    try {
      // The library ignores its signal in some phases. The assertion is asked for here too, because it hides why there is none.
      if (assertion) await orAborted(assertion(), signal);
      const got = await orAborted(kept.credential.getToken(scope, { abortSignal: signal }), signal);
      const entry = kept.tokens.get(scope);
      if (entry) entry.goodUntil = (got?.expiresOnTimestamp ?? 0) - RENEW_BEFORE;
      return got?.token ?? '';
    } catch (error) {
      kept.tokens.delete(scope);
      if (isHeld(kept.reply)) kept.renew();
      throw error instanceof OpsError ? error : entraFailure(tenantId, error, kept.reply);
    }
  };

  return {
    token: async (tenant, scope, signal) => {
      signal?.throwIfAborted();
      const tenantId = tenant.toLowerCase();
      const kept = keep(tenantId);
      let entry = kept.tokens.get(scope);
      if (!entry || entry.goodUntil <= Date.now()) {
        entry = { token: Promise.resolve().then(() => fetchToken(tenantId, scope, kept)), goodUntil: Infinity };
        kept.tokens.set(scope, entry);
      }
      const token = await orAborted(entry.token, signal);
      const found = tokenClaims(token)?.tenantId ?? 'no tenant';
      if (found === tenantId) return token;
      tenants.delete(tenantId);
      tenantMismatch(options.log, { expected: tenantId, found, where: 'token' });
      throw mismatch(tenantId, found);
    },
    forget: (tenantId) => {
      tenants.delete(tenantId.toLowerCase());
    },
  };
}

/** After such an answer, the library gives the same one for a minute, without its status and without asking anybody. */
function isHeld(reply: EntraReply | null): boolean {
  return reply !== null && (reply.status === 429 || reply.status >= 500 || reply.retryAfter !== null);
}

function mismatch(tenantId: string, found: string): TenantMismatchError {
  return new TenantMismatchError(`The token for tenant ${tenantId} is for ${found}; it is not used.`, {
    operation: `get a token for tenant ${tenantId}`,
    next: 'An operator must find out why before anything is sent: this is a defect or an attack.',
  });
}

function credentialFor(
  tenantId: string,
  { authority, appId, proof }: TenantCredentialsOptions,
  assertion: (() => Promise<string>) | null,
  onReply: (reply: EntraReply) => void,
): TokenCredential {
  const settings = {
    authorityHost: authority,
    disableInstanceDiscovery: authority !== PUBLIC_AUTHORITY,
    additionallyAllowedTenants: [],
    // Whoever asks for the token decides about trying again; the library would wait on the wall clock.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ position: 'perRetry' as const, policy: watch(onReply) }],
  };
  if (assertion) return new ClientAssertionCredential(tenantId, appId, assertion, settings);
  return proof.kind === 'certificate'
    ? new ClientCertificateCredential(tenantId, appId, { certificate: proof.pem }, settings)
    : new ClientSecretCredential(tenantId, appId, proof.kind === 'secret' ? proof.secret : '', settings);
}

type AdditionalPolicy = NonNullable<
  NonNullable<ConstructorParameters<typeof ClientSecretCredential>[3]>['additionalPolicies']
>[number]['policy'];

/** The library's errors do not tell the status of the answer, so it is noted on its way in. */
function watch(onReply: (reply: EntraReply) => void): AdditionalPolicy {
  return {
    name: 'noteTokenReply',
    sendRequest: async (request, next) => {
      const response = await next(request);
      onReply({ status: response.status, retryAfter: response.headers.get('retry-after') ?? null });
      return response;
    },
  };
}
