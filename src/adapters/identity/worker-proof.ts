import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OpsError } from '../../core/errors.ts';

/** With what the worker registration proves itself to Entra. */
export type WorkerProof =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly pem: string }
  /** A managed identity that the registration trusts: nothing to keep, nothing to renew. */
  | { readonly kind: 'managed-identity'; readonly clientId: string; readonly audience: string };

/** How the configuration names the proof: a certificate by its file, a secret apart. */
export type WorkerProofChoice =
  | Exclude<WorkerProof, { kind: 'secret' | 'certificate' }>
  | { readonly kind: 'certificate'; readonly file: string }
  | { readonly kind: 'secret' };

/** The proof that was chosen cannot be used. */
export class WorkerProofError extends OpsError {
  override readonly name = 'WorkerProofError';
  readonly code = 'worker-proof';
}

/** Makes the chosen proof ready. A certificate is read and checked now, so that a start fails instead of a run. */
export async function loadWorkerProof(choice: WorkerProofChoice, secret: string, now: Date): Promise<WorkerProof> {
  if (choice.kind === 'secret') return { kind: 'secret', secret };
  if (choice.kind === 'managed-identity') return choice;
  const pem = await readFile(choice.file, 'utf8').catch((cause: unknown) => {
    throw unusable(choice.file, 'cannot be read', cause);
  });
  checkCertificate(choice.file, pem, now);
  return { kind: 'certificate', pem };
}

function checkCertificate(file: string, pem: string, now: Date): void {
  const certificate = attempt(() => new X509Certificate(pem));
  if (!certificate) throw unusable(file, 'contains no certificate');
  const key = attempt(() => createPrivateKey(pem));
  if (!key) throw unusable(file, 'contains no private key that can be used without a password');
  if (!certificate.checkPrivateKey(key)) throw unusable(file, 'contains a key of another certificate');
  if (certificate.validToDate <= now) {
    throw unusable(file, `expired on ${certificate.validToDate.toISOString().slice(0, 10)}`);
  }
}

function attempt<Value>(make: () => Value): Value | null {
  try {
    return make();
  } catch {
    return null;
  }
}

function unusable(file: string, why: string, cause?: unknown): WorkerProofError {
  return new WorkerProofError(`WORKER_CERTIFICATE_FILE ${file} ${why}.`, {
    operation: 'read the certificate of the worker registration',
    next: 'Give a PEM file with the certificate and its private key, as it was uploaded to the registration.',
    cause,
  });
}
