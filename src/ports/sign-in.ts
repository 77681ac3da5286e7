import type { AuditEntry } from '../core/store.ts';

/**
 * What somebody signs in for. A decision names everything that it is about, so that a sign-in made for one plan is never
 * good for another. An administrator of a customer signs in to show which tenant is theirs; `reference` says for what.
 */
export type SignInPurpose = DecisionPurpose | { readonly kind: 'administrator'; readonly reference: string };

export interface DecisionPurpose {
  readonly kind: 'decision';
  readonly requestId: string;
  readonly verdict: 'approve' | 'deny';
  /** What the card's button carried: the beginning of the plan's digest, and a random value of that card. */
  readonly digest: string;
  readonly nonce: string;
}

/** Who is to sign in, and what for. */
export interface SignInRequest {
  /** Entra tenant id, lower case. */
  readonly tenantId: string;
  /** Object id of the one person who may; null for anybody of that tenant. */
  readonly objectId: string | null;
  /** How that person is called, for texts. */
  readonly name: string;
  readonly purpose: SignInPurpose;
}

/** A link for one person; it works once and for a short time. */
export interface SignInLink {
  readonly url: URL;
  /** Seconds, in real time. */
  readonly validForSeconds: number;
}

/** Asking people to prove that it is them. */
export interface SignIns {
  /** Errors: `RefusedError` when nobody said where people reach this bot (PUBLIC_URL). */
  begin(request: SignInRequest): Promise<SignInLink>;
}

/** Who came back from Entra, as its signed answer says. */
export interface SignedIn {
  readonly tenantId: string;
  readonly objectId: string;
  readonly name: string;
  /** ISO time, in real time, at which they gave their proof. */
  readonly at: string;
  /** Authentication contexts they met, such as `c1`. */
  readonly contexts: readonly string[];
}

/** A sign-in that was asked for, as it stands. */
export interface KeptSignIn {
  readonly request: SignInRequest;
  readonly state: 'open' | 'signed-in' | 'used' | 'failed';
  readonly isExpired: boolean;
  /** Null until the person who was asked came back. */
  readonly signedIn: SignedIn | null;
  /** Hash of what the browser holds in which they signed in. */
  readonly browserHash: string | null;
}

/** Where sign-ins are remembered. What becomes of one is written together with its audit entry. They are found by a hash of the link's id: who reads the table cannot use a link. */
export interface SignInStore {
  /** The key that states are made with: 32 bytes, the same in every process. */
  signingKey(): Promise<Uint8Array>;
  add(idHash: string, request: SignInRequest, validForSeconds: number): Promise<void>;
  find(idHash: string): Promise<KeptSignIn | null>;
  /**
   * From `open` to `signed-in`, or to `failed`; true for the first only, and never after the link has expired. The entry
   * is written if and only if it is true; null: there is nothing to write.
   */
  settle(
    idHash: string,
    outcome: { readonly signedIn: SignedIn; readonly browserHash: string } | 'failed',
    audit: AuditEntry | null,
  ): Promise<boolean>;
  /** Keeps on record what changed nothing. */
  note(audit: AuditEntry): Promise<void>;
  /** From `signed-in` to `used`; true for the first only, and never after the link has expired. */
  use(idHash: string): Promise<boolean>;
}
