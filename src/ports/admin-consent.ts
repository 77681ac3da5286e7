/** Who asked for access to which tenant. */
export interface ConsentRequest {
  /** Entra tenant id, a lower-case GUID. */
  readonly tenantId: string;
  /** Entra object id of the requester in the home tenant. */
  readonly requesterId: string;
}

/** A link for an administrator of the tenant; it works once and for a short time. */
export interface ConsentLink {
  /** By which to ask for the outcome. */
  readonly id: string;
  readonly url: URL;
  /** Seconds, in real time. */
  readonly validForSeconds: number;
}

/**
 * What became of a link:
 * - `open`: nobody came back yet;
 * - `granted`: a token of exactly that tenant proved it;
 * - `unproven`: the administrator consented, and the proof does not show yet (it takes minutes);
 * - `refused`: Microsoft or the administrator said no; `reason` says why, as a sentence.
 */
export type ConsentOutcome =
  | { readonly kind: 'open' | 'granted' | 'unproven' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Asking administrators of other tenants to let us in. */
export interface AdminConsent {
  /** Errors: `RefusedError` when nobody said where administrators reach this bot (PUBLIC_URL). */
  begin(request: ConsentRequest): Promise<ConsentLink>;
  /** Null for an id that was never given out. */
  outcomeOf(id: string): Promise<ConsentOutcome | null>;
}

/** Where links are remembered. */
export interface ConsentStore {
  /** The key that states are signed with: 32 bytes, the same in every process. */
  signingKey(): Promise<Uint8Array>;
  add(id: string, request: ConsentRequest, validForSeconds: number): Promise<void>;
  find(id: string): Promise<ConsentRequest | null>;
  /** True once: for the first who takes a link that has not expired. */
  take(id: string): Promise<boolean>;
  settle(id: string, outcome: ConsentOutcome): Promise<void>;
  outcomeOf(id: string): Promise<ConsentOutcome | null>;
}
