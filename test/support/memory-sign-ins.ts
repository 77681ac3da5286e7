import { randomBytes } from 'node:crypto';
import type { AuditEntry } from '../../src/core/store.ts';
import type { KeptSignIn, SignInRequest, SignInStore } from '../../src/ports/sign-in.ts';

/** Sign-ins in memory. */
export class MemorySignIns implements SignInStore {
  readonly #key = randomBytes(32);
  /** What was written about the sign-ins, in order. */
  readonly trail: AuditEntry[] = [];
  readonly #kept = new Map<string, KeptSignIn>();

  signingKey(): Promise<Uint8Array> {
    return Promise.resolve(this.#key);
  }

  async add(idHash: string, request: SignInRequest): Promise<void> {
    this.#kept.set(idHash, { request, state: 'open', isExpired: false, signedIn: null, browserHash: null });
  }

  async find(idHash: string): Promise<KeptSignIn | null> {
    return this.#kept.get(idHash) ?? null;
  }

  async settle(
    idHash: string,
    outcome: Parameters<SignInStore['settle']>[1],
    audit: AuditEntry | null,
  ): Promise<boolean> {
    const kept = this.#kept.get(idHash);
    if (kept?.state !== 'open' || kept.isExpired) return false;
    this.#kept.set(
      idHash,
      outcome === 'failed' ? { ...kept, state: 'failed' } : { ...kept, ...outcome, state: 'signed-in' },
    );
    if (audit) this.trail.push(audit);
    return true;
  }

  async note(audit: AuditEntry): Promise<void> {
    this.trail.push(audit);
  }

  async use(idHash: string): Promise<boolean> {
    const kept = this.#kept.get(idHash);
    if (kept?.state !== 'signed-in' || kept.isExpired) return false;
    this.#kept.set(idHash, { ...kept, state: 'used' });
    return true;
  }

  /** Makes every link too old. */
  expireAll(): void {
    for (const [idHash, kept] of this.#kept) this.#kept.set(idHash, { ...kept, isExpired: true });
  }
}
