import { ManagedIdentityCredential } from '@azure/identity';
import { UnavailableError } from '../../core/errors.ts';

/** Real milliseconds before its end at which a proof is exchanged for a new one. */
const RENEW_BEFORE = 5 * 60_000;

interface Kept {
  readonly proof: Promise<string>;
  goodUntil: number;
}

/**
 * The machine's own proof, for which Entra gives tokens of the worker. The library asks for it twice per token and does
 * not keep it, and the machine's endpoint is throttled, so it is kept here.
 */
export function managedIdentityAssertion(clientId: string, audience: string): () => Promise<string> {
  const identity = new ManagedIdentityCredential({ clientId });
  let kept: Kept | null = null;

  const ask = async (entry: Kept): Promise<string> => {
    const { token, expiresOnTimestamp } = await identity.getToken(`${audience}/.default`);
    entry.goodUntil = expiresOnTimestamp - RENEW_BEFORE;
    return token;
  };

  return async () => {
    if (kept && kept.goodUntil > Date.now()) return kept.proof;
    const entry: Kept = { proof: Promise.resolve('').then(() => ask(entry)), goodUntil: Number.POSITIVE_INFINITY };
    kept = entry;
    try {
      return await entry.proof;
    } catch (cause) {
      kept = null;
      throw new UnavailableError('The managed identity of this machine gives no proof.', {
        operation: 'prove the worker registration by managed identity',
        next: 'An operator checks that WORKER_MANAGED_IDENTITY is assigned to this machine.',
        cause,
      });
    }
  };
}
