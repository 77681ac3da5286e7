import { X509Certificate } from 'node:crypto';
import { z } from 'zod/v4';
import { MANAGED_IDENTITY } from './rehearsal-identity.ts';

/** An identity of the simulated Entra whose tokens the registration takes for its own proof. */
export interface FederatedCredential {
  /** The tenant whose Entra issues them; null is the home tenant. */
  readonly tenant: string | null;
  readonly subject: string;
  readonly audience: string;
}

/** With what the worker's registration can prove itself, beside its secret. */
export interface WorkerRegistration {
  /** PEM texts, without private keys. */
  readonly certificates: readonly string[];
  readonly federated: readonly FederatedCredential[];
}

/** Trusts the machine's managed identity and no certificate, until somebody registers one. */
export const usualRegistration: WorkerRegistration = {
  certificates: [],
  federated: [{ tenant: null, subject: MANAGED_IDENTITY.principalId, audience: 'api://AzureADTokenExchange' }],
};

export const workerRegistration = z.object({
  certificates: z.array(z.string().refine(isCertificate, 'must be the PEM text of a certificate')),
  federated: z.array(z.object({ tenant: z.string().nullable(), subject: z.string(), audience: z.string() })),
});

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).publicKey.asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
