/**
 * Whether a run that meets this error stands still for a person instead of taking its changes back. What an error is
 * (and so whether trying again helps, and for how long it was tried) was decided by the adapter that met it, which
 * chose its class; here only the codes are told apart. A run waits exactly when taking back would meet the same error:
 * - `throttled`, `unavailable`: Microsoft does not take calls, after all retries. It takes no undo either.
 * - `tenant-access`: consent, permission, role or credential is gone. No cmdlet of ours runs, the undo included.
 * - `unknown-outcome`: a write was sent and nobody can say what became of it. Looking again later can.
 *
 * Everything else says something about the change and not about the way to the tenant, so the run takes back what it
 * did: `rejected`, `read-back`, `drift`, `refused`, `proof-failed`, `proof-missing`, `stopped`, `tenant-mismatch`,
 * `invalid-input`, `internal`. `store-unavailable` never gets here: the engine waits for the database.
 */
export function waitsForAPerson(code: string): boolean {
  return ['throttled', 'unavailable', 'tenant-access', 'unknown-outcome'].includes(code);
}
